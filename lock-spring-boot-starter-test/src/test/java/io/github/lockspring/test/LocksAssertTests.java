package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.test.orders.Carrier;
import io.github.lockspring.test.orders.OrderApplication;
import io.github.lockspring.test.orders.OrderService;
import io.github.lockspring.test.orders.Shipments;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** Each assertion holds for what has happened, fails for what has not, and then says what has. */
@SpringBootTest(classes = OrderApplication.class, properties = "distributed-lock.locks.draft.in-transaction=release")
@AutoConfigureTestLocks
class LocksAssertTests {

    private static final LockOptions ORDER = LockOptions.named("order").key(42).waitTime(Duration.ZERO);

    /** Released inside of the transaction. */
    private static final LockOptions DRAFT = LockOptions.named("draft");

    @Autowired
    private TestLocks locks;

    @Autowired
    private LockOperations operations;

    @Autowired
    private OrderService orders;

    @Autowired
    private Shipments shipments;

    @MockitoBean
    private Carrier carrier;

    @AfterEach
    void deleteShipments() {
        this.shipments.deleteAll();
    }

    private void assertFails(Consumer<LocksAssert> assertion, String... messages) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertion.accept(assertThat(this.locks)))
                .satisfies(failure -> assertThat(failure.getMessage()).contains(messages));
    }

    @Test
    void nothingHasHappened() {
        assertThat(this.locks).wasNotLocked("order", 42).isNotHeld("order", 42).wasLockedTimes(0, "order", 42);
        assertFails(it -> it.wasLocked("order", 42), "'order:42'", "to have been acquired", "Nothing has happened");
        assertFails(it -> it.wasSkipped("order", 42), "another caller had it");
        assertFails(it -> it.hadStoreFailure("order", 42), "the lock store failed");
        assertFails(it -> it.wasReleased("order", 42), "to have been released");
        assertFails(it -> it.wasReleasedAfterCommit("order", 42), "to have been released after a commit");
        assertFails(it -> it.wasLost("order", 42), "to have been lost");
        assertFails(it -> it.isHeld("order", 42), "to be held");
    }

    @Test
    void assertionsAreAboutWhatHasHappenedSinceTheReset() {
        try (LockLease lease = this.operations.acquire(ORDER)) {
            this.locks.reset();
            assertThat(lease.isHeld()).isTrue();
            assertThat(this.locks).isHeld("order", 42).wasNotLocked("order", 42).wasLockedTimes(0, "order", 42);
            assertFails(it -> it.wasLocked("order", 42), "to have been acquired", "Nothing has happened");
        }
        assertThat(this.locks).isNotHeld("order", 42).wasReleased("order", 42).wasNotLocked("order", 42);
    }

    @Test
    void descriptionsAreInTheMessage() {
        assertFails(it -> it.as("the report of %s", "today").wasLocked("report"), "[the report of today]", "'report'");
    }

    @Test
    void aLockIsHeldAndReleased() {
        try (LockLease lease = this.operations.acquire(ORDER)) {
            assertThat(this.locks).wasLocked("order", 42).isHeld("order", 42);
            assertFails(it -> it.isNotHeld("order", 42), "not to be held");
            assertFails(it -> it.wasReleased("order", 42), "is acquired with fencing token " + lease.fencingToken());
        }
        assertThat(this.locks).wasReleased("order", 42).isNotHeld("order", 42).wasLockedTimes(1, "order", 42);
        assertFails(it -> it.wasNotLocked("order", 42), "not to have been acquired", "1. [main]", "is released");
        assertFails(it -> it.wasLockedTimes(2, "order", 42), "to have been acquired 2 times, not 1");
        assertFails(it -> it.wasLocked("order", 43), "'order:43'", "lock 'order:42' is acquired");
        assertFails(it -> it.isHeld("order", 42), "to be held");
        assertFails(it -> it.wasReleasedAfterCommit("order", 42), "after a commit");
    }

    @Test
    void aCallIsSkipped() {
        this.locks.holdElsewhere("order", 42);
        assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> this.operations.acquire(ORDER));
        assertThat(this.locks).wasSkipped("order", 42).wasNotLocked("order", 42);
        assertFails(it -> it.wasLocked("order", 42), "is held by another-process@elsewhere", "is not acquired");
        assertFails(it -> it.hadStoreFailure("order", 42), "the lock store failed");
    }

    /** The work is left out without a call. */
    @Test
    void workIsSkippedWhoseCallerHasTheLock() {
        try (LockLease lease = this.operations.acquire(ORDER)) {
            assertThat(lease.isHeld()).isTrue();
            assertFails(it -> it.wasSkipped("order", 42), "another caller had it");
            assertThat(this.operations.tryRun(ORDER.reentrant(false), () -> {})).isFalse();
            assertThat(this.locks).wasSkipped("order", 42).isHeld("order", 42).wasLockedTimes(1, "order", 42);
            assertFails(
                    it -> it.wasReleased("order", 42),
                    "3. [main] lock 'order:42' is not acquired",
                    "the caller holds it already");
            assertFails(it -> it.wasSkipped("order", 43), "'order:43'");
        }
    }

    /** Its call is refused, and its work is skipped: one and the same. */
    @Test
    void workIsSkippedWhoseCallIsRefused() {
        this.locks.holdElsewhere("order", 42);
        assertThat(this.operations.tryRun(ORDER, () -> {})).isFalse();
        assertThat(this.locks).wasSkipped("order", 42);
        assertThat(this.locks.toString()).containsOnlyOnce("is not acquired");
    }

    @Test
    void aCallThatWaitsIsNotForgotten() {
        this.locks.holdElsewhere("order", 42);
        CompletableFuture<LockLease> asked =
                this.operations.acquireAsync(ORDER.waitForever()).toCompletableFuture();
        this.locks.reset();
        try (LockLease lease = asked.orTimeout(30, TimeUnit.SECONDS).join()) {
            assertThat(this.locks).wasLocked("order", 42).isHeld("order", 42);
            assertThat(this.locks.history().origin(lease)).isNotNull();
        }
        assertThat(this.locks).wasReleased("order", 42);
        this.locks.reset();
        assertThat(this.locks).wasNotLocked("order", 42);
    }

    @Test
    void aCallThatIsRefusedIsForgotten() {
        this.locks.failNextCommands(1);
        assertThatExceptionOfType(LockStoreException.class).isThrownBy(() -> this.operations.acquire(ORDER));
        assertThat(this.locks).hadStoreFailure("order", 42);
        this.locks.reset();
        assertFails(it -> it.hadStoreFailure("order", 42), "Nothing has happened");
    }

    @Test
    void aCallFails() {
        this.locks.failNextCommands(1);
        assertThatExceptionOfType(LockStoreException.class).isThrownBy(() -> this.operations.acquire(ORDER));
        assertThat(this.locks).hadStoreFailure("order", 42);
        assertFails(it -> it.wasSkipped("order", 42), "The test has the lock store fail");
    }

    @Test
    void aLeaseIsLost() {
        LockLease lease = this.operations.acquire(ORDER);
        this.locks.loseLease("order", 42);
        assertThat(this.locks).wasLost("order", 42).isNotHeld("order", 42);
        lease.close();
        assertFails(it -> it.wasReleased("order", 42), "is lost: ");
    }

    @Test
    void aLockAroundATransactionIsReleasedAfterTheCommit() {
        this.orders.ship(42);
        assertThat(this.locks).wasReleasedAfterCommit("order", 42);
        assertFails(
                it -> it.wasNotLocked("order", 42),
                "1. [main] lock 'order:42' is asked for",
                "2. [main] lock 'order:42' is acquired",
                "3. [main] transaction '" + OrderService.class.getName() + ".ship' begins",
                "4. [main] transaction '" + OrderService.class.getName() + ".ship' is committed",
                "5. [main] lock 'order:42' is released");
    }

    @Test
    void aRollbackIsNoCommit() {
        Mockito.doThrow(new IllegalStateException("not today"))
                .when(this.carrier)
                .pickUp(42);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.orders.ship(42));
        assertFails(it -> it.wasReleasedAfterCommit("order", 42), "after a commit", "is rolled back");
    }

    /** The library keeps it until then. */
    @Test
    void aLockInsideOfATransactionIsReleasedAfterTheCommit() {
        this.orders.shipAll(() -> this.operations.acquire(ORDER).close());
        assertThat(this.locks).wasReleasedAfterCommit("order", 42);
    }

    @Test
    void aLockThatIsReleasedInsideOfATransactionIsNot() {
        this.orders.shipAll(() -> this.operations.acquire(DRAFT).close());
        assertFails(it -> it.wasReleasedAfterCommit("draft"), "released after a commit", "is committed");
    }

    /** One of both is not enough. */
    @Test
    void oneThatIsAndOneThatIsNotAreNot() {
        this.operations.execute(DRAFT, lease -> {
            this.orders.shipAll(() -> {});
            return null;
        });
        assertThat(this.locks).wasReleasedAfterCommit("draft");
        this.shipments.deleteAll();
        this.orders.shipAll(() -> this.operations.acquire(DRAFT).close());
        assertFails(it -> it.wasReleasedAfterCommit("draft"), "before the end of a transaction");
    }
}
