package io.github.lockspring.memory;

import io.github.lockspring.store.EngineExclusionContract;
import io.github.lockspring.store.EngineFootprintContract;
import io.github.lockspring.store.EngineLeaseContract;
import io.github.lockspring.store.EngineWaitingContract;
import io.github.lockspring.store.LockStoreFixture;
import org.junit.jupiter.api.Nested;

/** Several engines over one in-memory store behave like several processes. */
class InMemoryEngineContractTests {

    @Nested
    class Exclusion extends EngineExclusionContract {

        @Override
        protected LockStoreFixture open() {
            return new RunningInMemoryLockStoreFixture();
        }
    }

    @Nested
    class Waiting extends EngineWaitingContract {

        @Override
        protected LockStoreFixture open() {
            return new RunningInMemoryLockStoreFixture();
        }
    }

    @Nested
    class Leases extends EngineLeaseContract {

        @Override
        protected LockStoreFixture open() {
            return new RunningInMemoryLockStoreFixture();
        }
    }

    @Nested
    class Footprint extends EngineFootprintContract {

        @Override
        protected LockStoreFixture open() {
            return new RunningInMemoryLockStoreFixture();
        }
    }
}
