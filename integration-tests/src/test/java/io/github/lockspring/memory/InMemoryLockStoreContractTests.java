package io.github.lockspring.memory;

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

/** The in-memory store does what a store can do. */
class InMemoryLockStoreContractTests {

    @Nested
    class Basics extends LockStoreContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Queue extends LockStoreQueueContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Grants extends LockStoreGrantContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Polls extends LockStorePollContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Subscriptions extends LockStoreSubscriptionContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Fair extends LockStoreFairContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Keep extends LockStoreKeepContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Expire extends LockStoreExpireContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }

    @Nested
    class Fuzz extends LockStoreFuzzContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }
}
