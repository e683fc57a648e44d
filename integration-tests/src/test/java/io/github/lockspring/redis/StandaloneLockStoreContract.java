package io.github.lockspring.redis;

import io.github.lockspring.store.LockStoreContract;
import io.github.lockspring.store.LockStoreExpireContract;
import io.github.lockspring.store.LockStoreFairContract;
import io.github.lockspring.store.LockStoreFixture;
import io.github.lockspring.store.LockStoreFuzzContract;
import io.github.lockspring.store.LockStoreGrantContract;
import io.github.lockspring.store.LockStoreKeepContract;
import io.github.lockspring.store.LockStorePollContract;
import io.github.lockspring.store.LockStoreQueueContract;
import io.github.lockspring.store.LockStoreSubscriptionContract;
import org.junit.jupiter.api.Nested;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The Redis store on one server does what a store can do, whatever the driver. */
abstract class StandaloneLockStoreContract {

    /** Connects to the Redis that tests share. */
    abstract RedisConnectionFactory factory();

    @Nested
    class Basics extends LockStoreContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Queue extends LockStoreQueueContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Grants extends LockStoreGrantContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Polls extends LockStorePollContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Subscriptions extends LockStoreSubscriptionContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Fair extends LockStoreFairContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Keep extends LockStoreKeepContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Expire extends LockStoreExpireContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }

    @Nested
    class Fuzz extends LockStoreFuzzContract {

        @Override
        protected LockStoreFixture open() {
            return new RedisLockStoreFixture(factory(), true);
        }
    }
}
