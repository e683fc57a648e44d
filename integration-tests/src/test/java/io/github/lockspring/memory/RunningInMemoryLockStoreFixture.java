package io.github.lockspring.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.LockStoreFixture;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One in-memory store for all processes, with the clock of the machine. */
final class RunningInMemoryLockStoreFixture implements LockStoreFixture {

    private final InMemoryLockStore store = new InMemoryLockStore();

    @Override
    public LockStore connect(String client) {
        return this.store;
    }

    @Override
    public void elapse(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public Duration grantLease() {
        return InMemoryLockStore.DEFAULT_GRANT_LEASE;
    }

    @Override
    public boolean seesSubscriptions() {
        return true;
    }

    @Override
    public void assertNothingLeft() {
        assertThat(this.store.size()).as("locks remembered").isZero();
    }

    @Override
    public void close() {
        this.store.close();
    }
}
