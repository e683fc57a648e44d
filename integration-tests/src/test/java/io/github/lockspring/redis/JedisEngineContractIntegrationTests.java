package io.github.lockspring.redis;

import io.github.lockspring.store.EngineExclusionContract;
import io.github.lockspring.store.EngineFootprintContract;
import io.github.lockspring.store.EngineLeaseContract;
import io.github.lockspring.store.EngineWaitingContract;
import io.github.lockspring.store.LockStoreFixture;
import io.github.lockspring.testredis.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/** Several engines share the locks of one Redis, with Jedis. */
class JedisEngineContractIntegrationTests {

    private static JedisConnectionFactory factory;

    @BeforeAll
    static void connect() {
        factory = Drivers.jedis(TestRedis.shared().host(), TestRedis.shared().port());
    }

    @AfterAll
    static void disconnect() {
        factory.destroy();
    }

    @Nested
    class Exclusion extends EngineExclusionContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory, true);
        }
    }

    @Nested
    class Waiting extends EngineWaitingContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory, true);
        }
    }

    @Nested
    class Leases extends EngineLeaseContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory, true);
        }
    }

    @Nested
    class Footprint extends EngineFootprintContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory, true);
        }
    }
}
