package io.github.lockspring.memory;

import io.github.lockspring.store.LockStoreContract;
import io.github.lockspring.store.LockStoreFixture;
import org.junit.jupiter.api.Nested;

/** The in-memory store does what every store must do. */
class InMemoryLockStoreContractTests {

    @Nested
    class Basics extends LockStoreContract {

        @Override
        protected LockStoreFixture open() {
            return new InMemoryLockStoreFixture();
        }
    }
}
