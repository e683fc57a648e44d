package io.github.lockspring.process;

import java.util.List;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Connection factories as an application would have them. */
enum Driver {
    LETTUCE {
        @Override
        RedisConnectionFactory connectTo(RedisStandaloneConfiguration redis) {
            return started(new LettuceConnectionFactory(redis));
        }

        @Override
        RedisConnectionFactory connectTo(List<String> cluster) {
            return started(new LettuceConnectionFactory(new RedisClusterConfiguration(cluster)));
        }

        @Override
        void disconnect(RedisConnectionFactory factory) {
            ((LettuceConnectionFactory) factory).destroy();
        }
    },
    JEDIS {
        @Override
        RedisConnectionFactory connectTo(RedisStandaloneConfiguration redis) {
            return started(new JedisConnectionFactory(redis));
        }

        @Override
        RedisConnectionFactory connectTo(List<String> cluster) {
            return started(new JedisConnectionFactory(new RedisClusterConfiguration(cluster)));
        }

        @Override
        void disconnect(RedisConnectionFactory factory) {
            ((JedisConnectionFactory) factory).destroy();
        }
    };

    final RedisConnectionFactory connectTo(String host, int port) {
        return connectTo(new RedisStandaloneConfiguration(host, port));
    }

    abstract RedisConnectionFactory connectTo(RedisStandaloneConfiguration redis);

    abstract RedisConnectionFactory connectTo(List<String> cluster);

    abstract void disconnect(RedisConnectionFactory factory);

    private static LettuceConnectionFactory started(LettuceConnectionFactory factory) {
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    private static JedisConnectionFactory started(JedisConnectionFactory factory) {
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
