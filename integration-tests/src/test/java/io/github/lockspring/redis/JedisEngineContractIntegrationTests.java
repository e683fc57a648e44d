package io.github.lockspring.redis;

import io.github.lockspring.testredis.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/** Several engines share the locks of one Redis, with Jedis, a driver that blocks. */
class JedisEngineContractIntegrationTests extends StandaloneEngineContract {

    private static JedisConnectionFactory factory;

    @BeforeAll
    static void connect() {
        factory = Drivers.jedis(TestRedis.shared().host(), TestRedis.shared().port());
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
