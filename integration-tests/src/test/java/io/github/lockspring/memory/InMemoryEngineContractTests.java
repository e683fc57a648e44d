package io.github.lockspring.memory;

import io.github.lockspring.store.EngineAsyncWorkContract;
import io.github.lockspring.store.EngineExclusionContract;
import io.github.lockspring.store.EngineFootprintContract;
import io.github.lockspring.store.EngineForcedReleaseContract;
import io.github.lockspring.store.EngineHoldTimeContract;
import io.github.lockspring.store.EngineLeaseContract;
import io.github.lockspring.store.EnginePendingWorkContract;
import io.github.lockspring.store.EngineReactiveWorkContract;
import io.github.lockspring.store.EngineWaitingContract;
import io.github.lockspring.store.LockStoreFixture;
import io.github.lockspring.store.StoreUnderTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Several engines over one in-memory store behave like several processes. */
@Tag("default-line")
class InMemoryEngineContractTests implements StoreUnderTest {

    @Override
    public LockStoreFixture open() {
        return new RunningInMemoryLockStoreFixture();
    }

    @Nested
    class Exclusion extends EngineExclusionContract {}

    @Nested
    class Waiting extends EngineWaitingContract {}

    @Nested
    class Leases extends EngineLeaseContract {}

    @Nested
    class ForcedReleases extends EngineForcedReleaseContract {}

    @Nested
    class HoldTimes extends EngineHoldTimeContract {}

    @Nested
    class AsyncWork extends EngineAsyncWorkContract {}

    @Nested
    class ReactiveWork extends EngineReactiveWorkContract {}

    @Nested
    class PendingWork extends EnginePendingWorkContract {

        @Override
        protected int calls() {
            return 100_000;
        }
    }

    @Nested
    class Footprint extends EngineFootprintContract {}
}
