package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A lock that is taken away from its holder. */
public abstract class EngineForcedReleaseContract extends EngineSuite {

    private static final Duration LEASE = Duration.ofSeconds(3);

    private final LockOptions options = newOptions();

    private final LockName lock = this.options.lockName();

    @Test
    void theWaitingProcessGetsItAndTheHolderLosesIt() throws Exception {
        EngineProcess holding = engine();
        LockLease lease = holding.locks().acquire(this.options.leaseTime(LEASE));
        EngineProcess waiting = engine();
        Future<LockLease> next = start(() -> waiting.locks().acquire(this.options));
        awaitQueued(1);
        String owner = lookAt(this.lock.fullName()).orElseThrow().owner();

        assertThat(engine().forceRelease(this.lock, owner))
                .map(LockHolder::owner)
                .contains(owner);

        try (LockLease taken = end(next)) {
            assertThat(taken.fencingToken()).isGreaterThan(lease.fencingToken());
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(lease::isLost);
            assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::ensureHeld);
            lease.close();
            assertThat(taken.isHeld()).isTrue();
        }
        assertAbandoned(this.options);
    }

    @Test
    void aHolderOfTheSameProcessLosesItAtOnce() throws Exception {
        EngineProcess process = engine();
        LockLease lease = process.locks().acquire(this.options);
        Future<LockLease> next = start(() -> process.locks().acquire(this.options));

        assertThat(process.forceRelease(this.lock, null)).isPresent();

        assertThat(lease.isLost()).isTrue();
        try (LockLease taken = end(next)) {
            assertThat(taken.fencingToken()).isGreaterThan(lease.fencingToken());
        }
        lease.close();
        assertAbandoned(this.options);
    }

    @Test
    void nothingChangesIfAnotherOwnerHasItByThen() {
        EngineProcess first = engine();
        first.locks().acquire(this.options).close();
        String gone;
        try (LockLease earlier = first.locks().acquire(this.options)) {
            gone = lookAt(this.lock.fullName()).orElseThrow().owner();
            assertThat(earlier.isHeld()).isTrue();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> lookAt(this.lock.fullName()).isEmpty());
        try (LockLease lease = first.locks().acquire(this.options)) {
            Optional<LockHolder> present = lookAt(this.lock.fullName());

            assertThat(engine().forceRelease(this.lock, gone)).isEmpty();

            assertThat(lookAt(this.lock.fullName()).map(LockHolder::owner)).isEqualTo(present.map(LockHolder::owner));
            assertThat(lease.isHeld()).isTrue();
        }
        assertAbandoned(this.options);
    }

    @Test
    void aFreeLockStaysFree() {
        assertThat(engine().forceRelease(this.lock, null)).isEmpty();
        assertAbandoned(this.options);
    }

    @Test
    void whatKeepsOthersOutAfterAHoldIsTakenAway() {
        LockLease lease = engine().locks().acquire(this.options.holdAtLeast(Duration.ofMinutes(10)));
        lease.close();

        EngineProcess other = engine();
        assertThat(other.locks().tryAcquire(this.options)).isEmpty();
        assertThat(other.forceRelease(this.lock, null)).isPresent();

        try (LockLease next = other.locks().acquire(this.options)) {
            assertThat(next.isHeld()).isTrue();
        }
    }
}
