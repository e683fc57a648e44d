package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Holds that last for at least, or at most, a while, and leases that are extended by hand. */
public abstract class EngineHoldTimeContract extends EngineSuite {

    private static final Duration WHILE = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofMinutes(1);

    private final LockOptions options = newOptions();

    private final String lock = this.options.lockName().fullName();

    @Test
    void othersAreKeptOutAfterAHoldThatEndsEarly() {
        LockOperations process = engine().locks();
        LockOperations other = engine().locks();
        long start = System.nanoTime();
        process.acquire(this.options.holdAtLeast(WHILE)).close();

        assertThat(other.tryAcquire(this.options)).isEmpty();
        assertThat(process.tryAcquire(this.options)).isEmpty();
        try (LockLease next = other.acquire(this.options)) {
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(WHILE.toNanos());
            assertThat(next.isHeld()).isTrue();
        }
        assertAbandoned(this.options);
    }

    @Test
    void otherProcessesThatWaitAreNotGrantedTheLockBefore() throws Exception {
        LockLease early = engine().locks().acquire(this.options.holdAtLeast(WHILE));
        long start = System.nanoTime();
        LockOperations other = engine().locks();
        Future<LockLease> waiter = start(() -> other.acquire(this.options));
        awaitQueued(1);
        early.close();

        try (LockLease next = end(waiter)) {
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(WHILE.toNanos() - 100_000_000);
            assertThat(next.fencingToken()).isGreaterThan(early.fencingToken());
        }
        assertAbandoned(this.options);
    }

    /** From the first moment on: the process that holds it could end right then. */
    @Test
    void aLockThatIsHandedOverLastsForTheWholeTime() throws Exception {
        LockLease first = engine().locks().acquire(this.options);
        LockOperations other = engine().locks();
        Future<LockLease> waiter = start(() -> other.acquire(this.options.holdAtLeast(LONG)));
        awaitQueued(1);
        first.close();

        LockLease next = end(waiter);
        assertThat(lookAt(this.lock).orElseThrow().remaining()).isGreaterThan(LONG.minusSeconds(20));
        next.close();
        assertThat(lookAt(this.lock).orElseThrow().remaining()).isGreaterThan(LONG.minusSeconds(20));
    }

    @Test
    void aHoldIsLostAfterItsLongestTimeAndAnotherProcessHasTheLock() {
        LockOptions limited = this.options.leaseTime(Duration.ofSeconds(1)).maxHoldTime(WHILE);
        long start = System.nanoTime();
        LockLease late = engine().locks().acquire(limited);
        try (LockLease next = engine().locks().acquire(this.options)) {
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(WHILE.toNanos());
            assertThat(late.isLost()).isTrue();
            assertThat(next.fencingToken()).isGreaterThan(late.fencingToken());
        }
        late.close();
        assertAbandoned(this.options);
    }

    @Test
    void anExtendedLeaseKeepsOthersOutWithoutRenewal() {
        LockLease lease = engine().locks()
                .acquire(this.options.leaseTime(Duration.ofSeconds(5)).renew(false));
        assertThat(lease.extend(LONG)).isGreaterThan(LONG.minusSeconds(20));
        assertThat(lookAt(this.lock).orElseThrow().remaining()).isGreaterThan(LONG.minusSeconds(20));
        lease.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(lookAt(this.lock)).isEmpty());
    }
}
