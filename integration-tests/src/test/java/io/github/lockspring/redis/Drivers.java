package io.github.lockspring.redis;

import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/** Connection factories as an application has them. */
final class Drivers {

    private Drivers() {}

    static LettuceConnectionFactory lettuce(String host, int port) {
        return lettuce(new RedisStandaloneConfiguration(host, port));
    }

    static LettuceConnectionFactory lettuce(RedisConfiguration server) {
        return lettuce(server, LettuceClientConfiguration.builder(), true);
    }

    /** Shares nothing and has a pool of one connection, as some applications do. */
    static LettuceConnectionFactory lettucePoolOfOne(String host, int port) {
        GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(1);
        pool.setMaxWait(Duration.ofSeconds(1));
        return lettuce(
                new RedisStandaloneConfiguration(host, port),
                LettucePoolingClientConfiguration.builder().poolConfig(pool),
                false);
    }

    private static LettuceConnectionFactory lettuce(
            RedisConfiguration server,
            LettuceClientConfiguration.LettuceClientConfigurationBuilder client,
            boolean shared) {
        LettuceConnectionFactory factory = new LettuceConnectionFactory(
                server,
                client.commandTimeout(Duration.ofSeconds(10))
                        .shutdownTimeout(Duration.ZERO)
                        .build());
        factory.setShareNativeConnection(shared);
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    static JedisConnectionFactory jedis(String host, int port) {
        return jedis(new RedisStandaloneConfiguration(host, port));
    }

    static JedisConnectionFactory jedis(RedisConfiguration server) {
        GenericObjectPoolConfig<Object> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(64);
        pool.setMaxIdle(64);
        JedisClientConfiguration client = JedisClientConfiguration.builder()
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ofSeconds(10))
                .usePooling()
                .poolConfig(pool)
                .build();
        JedisConnectionFactory factory = server instanceof RedisClusterConfiguration cluster
                ? new JedisConnectionFactory(cluster, client)
                : new JedisConnectionFactory((RedisStandaloneConfiguration) server, client);
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
