package io.github.lockspring.redis;

import io.github.lockspring.store.EngineExclusionContract;
import io.github.lockspring.store.EngineFootprintContract;
import io.github.lockspring.store.EngineLeaseContract;
import io.github.lockspring.store.EngineWaitingContract;
import io.github.lockspring.store.LockStoreFixture;
import org.junit.jupiter.api.Nested;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Several engines share the locks of one Redis, whatever the driver. */
abstract class StandaloneEngineContract {

    /** Connects to the Redis that tests share. */
    abstract RedisConnectionFactory factory();

    @Nested
    class Exclusion extends EngineExclusionContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Waiting extends EngineWaitingContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Leases extends EngineLeaseContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Footprint extends EngineFootprintContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }
}
