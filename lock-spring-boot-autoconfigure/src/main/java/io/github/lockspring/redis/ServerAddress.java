package io.github.lockspring.redis;

import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Where a connection factory connects to, as far as it tells; without user and password.
 *
 * @param text the address, to follow "Redis at"
 * @param properties what says so, if Spring Boot has made the factory
 */
record ServerAddress(String text, String properties) {

    private static final String STANDALONE =
            "'spring.data.redis.host' and 'spring.data.redis.port', or 'spring.data.redis.url'";

    private static final String UNSURE =
            " (if it is not a static primary with replicas, which the factory does not show)";

    /** The factory shows a static primary with replicas nowhere else; null where fields cannot be seen. */
    private static final @Nullable Field CONFIGURATION = configurationField();

    static ServerAddress of(RedisConnectionFactory factory) {
        if (factory instanceof LettuceConnectionFactory lettuce) {
            RedisSocketConfiguration socket = lettuce.getSocketConfiguration();
            if (socket != null) {
                return new ServerAddress("the domain socket " + socket.getSocket(), STANDALONE);
            }
            if (CONFIGURATION != null
                    && ReflectionUtils.getField(CONFIGURATION, lettuce)
                            instanceof RedisStaticMasterReplicaConfiguration replicated) {
                return new ServerAddress(
                        "the primary among " + hosts(replicated.getNodes()), "'spring.data.redis.masterreplica.nodes'");
            }
            return of(
                    lettuce.getClusterConfiguration(),
                    lettuce.getSentinelConfiguration(),
                    lettuce.getHostName() + ":" + lettuce.getPort() + (CONFIGURATION != null ? "" : UNSURE));
        }
        if (factory instanceof JedisConnectionFactory jedis) {
            return of(
                    jedis.getClusterConfiguration(),
                    jedis.getSentinelConfiguration(),
                    jedis.getHostName() + ":" + jedis.getPort());
        }
        return new ServerAddress("an address known to " + factory.getClass().getName(), STANDALONE);
    }

    private static @Nullable Field configurationField() {
        try {
            Field field = ReflectionUtils.findField(
                    LettuceConnectionFactory.class, "configuration", RedisConfiguration.class);
            if (field != null) {
                ReflectionUtils.makeAccessible(field);
            }
            return field;
        } catch (RuntimeException | LinkageError ex) {
            return null; // It is said with the address.
        }
    }

    private static ServerAddress of(
            @Nullable RedisClusterConfiguration cluster,
            @Nullable RedisSentinelConfiguration sentinel,
            String standalone) {
        if (cluster != null) {
            return new ServerAddress(
                    "the cluster of " + nodes(cluster.getClusterNodes()), "'spring.data.redis.cluster.nodes'");
        }
        return sentinel != null
                ? new ServerAddress(
                        "the master that is known to " + nodes(sentinel.getSentinels()),
                        "'spring.data.redis.sentinel.nodes' and 'spring.data.redis.sentinel.master'")
                : new ServerAddress(standalone, STANDALONE);
    }

    private static String nodes(Iterable<RedisNode> nodes) {
        return StreamSupport.stream(nodes.spliterator(), false)
                .map(RedisNode::asString)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String hosts(List<RedisStandaloneConfiguration> nodes) {
        return nodes.stream()
                .map(node -> node.getHostName() + ":" + node.getPort())
                .collect(Collectors.joining(", "));
    }
}
