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
import io.github.lockspring.store.StoreUnderTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The in-memory store does what a store can do. */
@Tag("default-line")
class InMemoryLockStoreContractTests implements StoreUnderTest {

    @Override
    public LockStoreFixture open() {
        return new InMemoryLockStoreFixture();
    }

    @Nested
    class Basics extends LockStoreContract {}

    @Nested
    class Queue extends LockStoreQueueContract {}

    @Nested
    class Grants extends LockStoreGrantContract {}

    @Nested
    class Polls extends LockStorePollContract {}

    @Nested
    class Subscriptions extends LockStoreSubscriptionContract {}

    @Nested
    class Fair extends LockStoreFairContract {}

    @Nested
    class Keep extends LockStoreKeepContract {}

    @Nested
    class Expire extends LockStoreExpireContract {}

    @Nested
    class Fuzz extends LockStoreFuzzContract {}
}
