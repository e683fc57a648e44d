package io.github.lockspring.autoconfigure;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/** Where a connection factory connects to, as far as it tells; without user and password. */
final class RedisServerNames {

    private static final ClassLoader CLASS_LOADER = RedisServerNames.class.getClassLoader();

    private static final boolean LETTUCE = ClassUtils.isPresent("io.lettuce.core.RedisClient", CLASS_LOADER);

    private static final boolean JEDIS = ClassUtils.isPresent("redis.clients.jedis.Jedis", CLASS_LOADER);

    private RedisServerNames() {}

    static String of(ListableBeanFactory beanFactory, @Nullable String connectionFactory, String keyPrefix) {
        RedisConnectionFactory chosen =
                new ConnectionFactoryChoice(beanFactory).choose("connection-factory", connectionFactory);
        return "in Redis at " + of(chosen) + " under the key prefix '" + keyPrefix + "'";
    }

    private static String of(RedisConnectionFactory factory) {
        if (LETTUCE && factory instanceof LettuceConnectionFactory lettuce) {
            return of(
                    lettuce.getClusterConfiguration(),
                    lettuce.getSentinelConfiguration(),
                    lettuce.getHostName() + ":" + lettuce.getPort());
        }
        if (JEDIS && factory instanceof JedisConnectionFactory jedis) {
            return of(
                    jedis.getClusterConfiguration(),
                    jedis.getSentinelConfiguration(),
                    jedis.getHostName() + ":" + jedis.getPort());
        }
        return factory.getClass().getName();
    }

    private static String of(
            @Nullable RedisClusterConfiguration cluster,
            @Nullable RedisSentinelConfiguration sentinel,
            String standalone) {
        if (cluster != null) {
            return "the cluster of " + nodes(cluster.getClusterNodes());
        }
        return sentinel != null ? "the master that is known to " + nodes(sentinel.getSentinels()) : standalone;
    }

    private static String nodes(Iterable<RedisNode> nodes) {
        return StreamSupport.stream(nodes.spliterator(), false)
                .map(RedisNode::asString)
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
