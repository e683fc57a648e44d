package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** What a test brings about, without Spring Boot around it. */
@SpringJUnitConfig(TestLocksTests.class)
@TestPropertySource(properties = "distributed-lock.redis.command-timeout=300ms")
@AutoConfigureTestLocks
class TestLocksTests {

    private static final LockOptions ORDER = LockOptions.named("order").key(42).waitTime(Duration.ZERO);

    private static final LockOptions PATIENT = ORDER.waitForever();

    @Autowired
    private TestLocks locks;

    @Autowired
    private LockOperations operations;

    @Test
    void anotherProcessHasTheLockUntilItReleasesIt() {
        this.locks.holdElsewhere("order", 42);
        assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> this.operations.acquire(ORDER));
        assertThat(this.operations.holder("order", 42).map(LockHolder::owner))
                .hasValueSatisfying(owner -> assertThat(owner).startsWith("another-process@"));
        this.operations.acquire(ORDER.key(43)).close();

        this.locks.releaseElsewhere("order", 42);
        assertThat(this.operations.holder("order", 42)).isEmpty();
        this.operations.acquire(ORDER).close();
    }

    @Test
    void aCallerThatWaitsGetsWhatAnotherProcessReleases() {
        this.locks.holdElsewhere("order", 42);
        CompletableFuture<LockLease> asked =
                this.operations.acquireAsync(PATIENT).toCompletableFuture();
        assertThat(asked).isNotDone();
        this.locks.releaseElsewhere("order", 42);
        asked.orTimeout(30, TimeUnit.SECONDS).join().close();
    }

    @Test
    void anotherProcessCannotHaveWhatThisApplicationHas() {
        try (LockLease lease = this.operations.acquire(ORDER)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> this.locks.holdElsewhere("order", 42))
                    .withMessageContaining("'order:42'")
                    .withMessageContaining("loseLease")
                    .withMessageContaining("is acquired with fencing token " + lease.fencingToken());
        }
    }

    @Test
    void anotherProcessCannotReleaseWhatItDoesNotHold() {
        assertThatIllegalStateException()
                .isThrownBy(() -> this.locks.releaseElsewhere("order", 42))
                .withMessageContaining("'order:42'");
    }

    @Test
    void aLostLeaseIsKnownAtOnceAndTheLockIsFree() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        LockLease lease = this.operations.acquire(ORDER);
        lease.onLost(() -> told.complete(null));
        this.locks.loseLease("order", 42);

        assertThat(lease.isLost()).isTrue();
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::ensureHeld);
        told.orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(this.operations.holder("order", 42)).isEmpty();
        this.locks.holdElsewhere("order", 42);
        lease.close();
        assertThat(this.operations.holder("order", 42)).isPresent();
    }

    /** Its own thread would enter the lock again. */
    @Test
    void aLostLeaseGoesToTheCallerThatWaits() {
        LockLease lost = this.operations.acquire(ORDER);
        CompletableFuture<LockLease> next;
        try (LockContext.Scope isolation = LockContext.isolate()) {
            next = this.operations.acquireAsync(PATIENT).toCompletableFuture();
        }
        assertThat(next).isNotDone();
        this.locks.loseLease("order", 42);
        try (LockLease lease = next.orTimeout(30, TimeUnit.SECONDS).join()) {
            assertThat(lease.fencingToken()).isGreaterThan(lost.fencingToken());
        }
        lost.close();
    }

    @Test
    void nothingCanBeLostThatIsNotHeld() {
        assertThatIllegalStateException()
                .isThrownBy(() -> this.locks.loseLease("order", 42))
                .withMessageContaining("'order:42'")
                .withMessageContaining("Nothing has happened");
        this.locks.holdElsewhere("order", 42);
        assertThatIllegalStateException().isThrownBy(() -> this.locks.loseLease("order", 42));
    }

    @Test
    void aSlowStoreAnswersLate() {
        this.locks.slowDown(Duration.ofMillis(50));
        CompletableFuture<LockLease> asked =
                this.operations.acquireAsync(PATIENT).toCompletableFuture();
        assertThat(asked).isNotDone();
        asked.orTimeout(30, TimeUnit.SECONDS).join().close();
    }

    @Test
    void aStoreThatIsTooSlowHasUnknownOutcomesThatAreUndone() {
        this.locks.slowDown(Duration.ofMinutes(1));
        assertThatExceptionOfType(LockStoreException.class)
                .isThrownBy(() -> this.operations.acquire(ORDER))
                .satisfies(failure -> assertThat(failure.getOutcome()).isEqualTo(LockStoreException.Outcome.UNKNOWN));
        this.locks.reset();
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(this.operations.holder("order", 42)).isEmpty());
    }

    @Test
    void failsAsManyCommandsAsItIsTold() {
        this.locks.failNextCommands(1);
        assertThatExceptionOfType(LockStoreException.class).isThrownBy(() -> this.operations.acquire(ORDER));
        this.operations.acquire(ORDER).close();
    }

    @Test
    void failsUntilItIsReset() {
        this.locks.failAllCommands();
        assertThatExceptionOfType(LockStoreException.class).isThrownBy(() -> this.operations.acquire(ORDER));
        assertThatExceptionOfType(LockStoreException.class).isThrownBy(() -> this.operations.acquire(ORDER));
        this.locks.reset();
        this.operations.acquire(ORDER).close();
    }

    @Test
    void aCallerWithTimeOutlastsFailures() {
        this.locks.failNextCommands(2);
        this.operations.acquire(PATIENT).close();
        assertThat(this.locks).wasLocked("order", 42);
    }

    @Test
    void resettingFreesWhatAnotherProcessHasAndLeavesWhatTheApplicationHas() {
        this.locks.holdElsewhere("order", 43);
        try (LockLease lease = this.operations.acquire(ORDER)) {
            this.locks.reset();
            assertThat(lease.isHeld()).isTrue();
            assertThat(this.locks).isHeld("order", 42);
            assertThat(this.operations.holder("order", 43)).isEmpty();
        }
        assertThat(this.locks).isNotHeld("order", 42).wasReleased("order", 42);
    }

    @Test
    void refusesNegativeNumbers() {
        assertThatIllegalArgumentException().isThrownBy(() -> this.locks.slowDown(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> this.locks.failNextCommands(-1));
    }
}
