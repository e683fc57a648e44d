package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.ReleaseResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a lease: closed here, there, twice, too late; kept alive or lost. */
public abstract class EngineLeaseContract extends EngineSuite {

    private static final Duration LEASE = Duration.ofSeconds(1);

    /** Long enough for a renewal to be in time on a busy machine. */
    private static final Duration RENEWED_LEASE = Duration.ofSeconds(3);

    private final LockOptions options = newOptions();

    private final String lock = this.options.lockName().fullName();

    @Test
    void leaseIsClosedByAnotherThread() throws Exception {
        EngineProcess process = engine();
        LockLease lease = process.locks().acquire(this.options);

        end(start(() -> {
            lease.close();
            return null;
        }));

        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isFalse();
        assertThatIllegalStateException().isThrownBy(lease::ensureHeld);
        try (LockLease next = engine().locks().acquire(this.options)) {
            assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
        }
        assertAbandoned(this.options);
    }

    @Test
    void secondCloseDoesNotTouchTheNextHold() {
        EngineProcess process = engine();
        LockLease lease = process.locks().acquire(this.options);
        lease.close();
        LockLease next = process.locks().acquire(this.options);

        lease.close();

        assertThat(next.isHeld()).isTrue();
        assertThat(engine().locks().tryAcquire(this.options)).isEmpty();
        next.close();
        next.close();
        assertAbandoned(this.options);
    }

    @Test
    void closeAfterLossDoesNotTouchTheNextHolder() {
        EngineProcess slow = engine();
        LockLease late = slow.locks().acquire(this.options.leaseTime(LEASE).renew(false));
        try (LockLease next = engine().locks().acquire(this.options)) {
            assertThat(late.isHeld()).isFalse();
            assertThat(late.isLost()).isTrue();
            assertThat(late.remaining()).isZero();
            assertThatExceptionOfType(LeaseLostException.class).isThrownBy(late::ensureHeld);

            late.close();
            late.close();

            assertThat(late.isLost()).isTrue();
            assertThat(next.isHeld()).isTrue();
            assertThat(next.fencingToken()).isGreaterThan(late.fencingToken());
            assertThat(lookAt(this.lock)).isPresent();
        }
        assertAbandoned(this.options);
    }

    @Test
    void closeAfterLossDoesNotTouchTheNextHoldOfItsProcess() throws Exception {
        EngineProcess process = engine();
        LockLease late = process.locks().acquire(this.options.leaseTime(LEASE).renew(false));
        Future<LockLease> waiter = start(() -> process.locks().acquire(this.options));
        LockLease next = end(waiter);

        late.close();

        assertThat(late.isLost()).isTrue();
        assertThat(next.isHeld()).isTrue();
        assertThat(engine().locks().tryAcquire(this.options)).isEmpty();
        next.close();
        assertAbandoned(this.options);
    }

    @Test
    void lossIsToldAndTheProcessMayLockAgain() throws Exception {
        EngineProcess process = engine();
        LockLease late = process.locks().acquire(this.options.leaseTime(LEASE).renew(false));
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        late.onLost(() -> told.complete(late.isLost()));

        assertThat(told.get(20, TimeUnit.SECONDS)).isTrue();

        try (LockLease next = process.locks().acquire(this.options)) {
            assertThat(next.fencingToken()).isGreaterThan(late.fencingToken());

            late.close();

            assertThat(next.isHeld()).isTrue();
            assertThat(engine().locks().tryAcquire(this.options)).isEmpty();
        }
        assertAbandoned(this.options);
    }

    @Test
    void leaseThatSomebodyTookAwayIsLost() {
        LockLease lease = engine().locks().acquire(this.options.leaseTime(LEASE));
        String owner = lookAt(this.lock).orElseThrow().owner();
        process().evict(this.lock, owner);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(lease::isLost);
        lease.close();
        assertAbandoned(this.options);
    }

    @Test
    void renewedLeaseOutlivesItsLeaseTime() {
        EngineProcess other = engine();
        try (LockLease lease = engine().locks().acquire(this.options.leaseTime(RENEWED_LEASE))) {
            long end = System.nanoTime() + RENEWED_LEASE.multipliedBy(2).toNanos();
            while (System.nanoTime() < end) {
                Optional<LockLease> stolen = other.locks().tryAcquire(this.options, Duration.ofMillis(200));
                assertThat(stolen).isEmpty();
            }
            lease.ensureHeld();
        }
        assertAbandoned(this.options);
    }

    @Test
    void innerLeaseIsTheOuterHoldAndEndsBeforeIt() {
        EngineProcess process = engine();
        EngineProcess other = engine();
        try (LockLease outer = process.locks().acquire(this.options)) {
            try (LockLease inner = process.locks().acquire(this.options)) {
                assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
            }
            assertThat(outer.isHeld()).isTrue();
            assertThat(other.locks().tryAcquire(this.options)).isEmpty();
        }
        assertAbandoned(this.options);
    }

    @Test
    void holderIsSeenFromEveryProcess() {
        EngineProcess process = engine();
        EngineProcess other = engine();
        try (LockLease held = process.locks().acquire(this.options)) {
            assertThat(other.locks().holder(held.name())).hasValueSatisfying(holder -> {
                assertThat(holder.owner()).startsWith("test@");
                assertThat(holder.remaining()).isPositive();
            });
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(other.locks().holder(this.lock)).isEmpty());
    }

    @Test
    void holderIsNoLeaseThatWasClosed() {
        LockOperations locks = engine().locks();
        for (int i = 0; i < 300; i++) {
            locks.acquire(this.options).close();
            assertThat(locks.holder(this.options)).isEmpty();
        }
    }

    @Test
    void holderIsToldOnceAReleaseUnderWayIsAnswered() throws Exception {
        HeldBackReleases store = new HeldBackReleases(connect());
        LockOperations locks = engine(store).locks();
        locks.acquire(this.options).close();

        Future<Optional<LockHolder>> look = start(() -> locks.holder(this.options));
        store.awaitLook();
        assertThat(look.isDone()).isFalse();
        store.letGo();
        assertThat(end(look)).isEmpty();
    }

    @Test
    void releaseTellsWhatTheStoreSays() throws Exception {
        EngineProcess process = engine();
        LockLease lease = process.locks().acquire(this.options);
        assertThat(lease.release().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isEqualTo(ReleaseResult.GIVEN_BACK);
        assertThat(lease.isHeld()).isFalse();
        try (LockLease next = engine().locks().tryAcquire(this.options).orElseThrow()) {
            assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
        }
        assertAbandoned(this.options);
    }

    @Test
    void triesWithoutBlockingAndWithoutWaiting() {
        LockOptions patient = this.options.waitForever();
        try (LockLease held = engine().locks().acquire(this.options)) {
            LockOperations others = engine().locks();
            assertThat(others.tryAcquire(patient)).isEmpty();
            assertThat(others.tryAcquireAsync(patient))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(Optional.empty());
            assertThat(held.isHeld()).isTrue();
        }
        assertAbandoned(this.options);
    }
}
