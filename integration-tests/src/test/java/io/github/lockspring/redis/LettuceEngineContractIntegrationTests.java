package io.github.lockspring.redis;

import io.github.lockspring.testredis.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Several engines share the locks of one Redis, with Lettuce. */
class LettuceEngineContractIntegrationTests extends StandaloneEngineContract {

    private static LettuceConnectionFactory factory;

    @BeforeAll
    static void connect() {
        factory = Drivers.lettuce(TestRedis.shared().host(), TestRedis.shared().port());
    }

    @AfterAll
    static void disconnect() {
        factory.destroy();
    }

    @Override
    RedisConnectionFactory factory() {
        return factory;
    }
}
