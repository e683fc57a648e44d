package io.github.lockspring.benchmarks.contender;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The connection factory that Spring Boot would make. */
final class SpringRedis {

    private SpringRedis() {}

    static LettuceConnectionFactory connect(ContenderSettings settings) {
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(settings.host(), settings.port()));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
