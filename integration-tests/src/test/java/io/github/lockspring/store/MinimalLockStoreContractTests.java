package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A store needs no more than three methods. */
class MinimalLockStoreContractTests implements StoreUnderTest {

    @Test
    void claimsNothingBeyondTheMinimum() {
        assertThat(new MinimalLockStore(() -> 0).capabilities()).isEmpty();
    }

    @Override
    public LockStoreFixture open() {
        return new Fixture();
    }

    @Nested
    class Basics extends LockStoreContract {}

    private static final class Fixture implements LockStoreFixture {

        private final AtomicLong micros = new AtomicLong(TimeUnit.DAYS.toMicros(20_000));

        private final MinimalLockStore store = new MinimalLockStore(this.micros::get);

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
            throw new UnsupportedOperationException("A minimal store grants nothing");
        }

        @Override
        public boolean seesSubscriptions() {
            return false;
        }

        @Override
        public void assertNothingLeft() {
            assertThat(this.store.size()).isZero();
        }

        @Override
        public void close() {}
    }
}
