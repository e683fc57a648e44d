package io.github.lockspring.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.LockStoreFixture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One in-memory store for all processes, with a clock that runs only when told to. */
final class InMemoryLockStoreFixture implements LockStoreFixture {

    private final AtomicLong micros = new AtomicLong(TimeUnit.DAYS.toMicros(20_000));

    private final InMemoryLockStore store = new InMemoryLockStore(grantLease(), this.micros::get);

    @Override
    public LockStore connect(String client) {
        return this.store;
    }

    @Override
    public void elapse(Duration time) {
        this.micros.addAndGet(TimeUnit.MICROSECONDS.convert(time));
    }

    @Override
    public Duration grantLease() {
        return Duration.ofSeconds(2);
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
