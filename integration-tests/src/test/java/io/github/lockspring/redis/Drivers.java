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
        return lettuce(new RedisStandaloneConfiguration(host, port), lettucePool(1), false);
    }

    /** A pool that is asked whether its connections are open, and has nobody wait for longer than a second. */
    static LettucePoolingClientConfiguration.LettucePoolingClientConfigurationBuilder lettucePool(int size) {
        GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(size);
        pool.setMaxWait(Duration.ofSeconds(1));
        pool.setTestOnBorrow(true);
        return LettucePoolingClientConfiguration.builder().poolConfig(pool);
    }

    static LettuceConnectionFactory lettuce(
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
        return jedis(server, 64, Duration.ofMillis(-1));
    }

    /** With so many connections in its pool; a negative time waits for one without limit. */
    static JedisConnectionFactory jedis(RedisConfiguration server, int size, Duration maxWait) {
        GenericObjectPoolConfig<Object> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(size);
        pool.setMaxIdle(size);
        pool.setMaxWait(maxWait);
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
