package io.github.lockspring.redis;

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
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Several engines share the locks of one Redis, whatever the driver. */
abstract class StandaloneEngineContract implements StoreUnderTest {

    /** Connects to the Redis that tests share. */
    abstract RedisConnectionFactory factory();

    @Override
    public LockStoreFixture open() {
        return new RedisLockStoreFixture(factory(), true);
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
    class PendingWork extends EnginePendingWorkContract {}

    @Nested
    class Footprint extends EngineFootprintContract {}
}
