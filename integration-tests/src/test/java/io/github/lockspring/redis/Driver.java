package io.github.lockspring.redis;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** What an application may use to talk to Redis. */
enum Driver {
    LETTUCE,
    JEDIS;

    RedisConnectionFactory connect(String host, int port) {
        return connect(new RedisStandaloneConfiguration(host, port));
    }

    RedisConnectionFactory connect(RedisConfiguration server) {
        return this == LETTUCE ? Drivers.lettuce(server) : Drivers.jedis(server);
    }
}
