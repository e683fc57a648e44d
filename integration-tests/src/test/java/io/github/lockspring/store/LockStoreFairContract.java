package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome.Contended;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strict order of arrival: whichever command finds the lock free gives it to whoever has waited longest. */
public abstract class LockStoreFairContract extends StoreSuite {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final String lock = newLock();

    private StoreOwner holder;

    private long number;

    @BeforeEach
    void takeLock() {
        this.holder = newOwner();
        this.number = this.holder.acquires();
    }

    @Test
    void releaseServesInOrderOfArrival() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();

        this.holder.frees();
        assertThat(second.queues().holder().owner()).isEqualTo(first.id());
        first.acquires();
        first.frees();

        assertThat(newOwner().fails().holder().owner()).isEqualTo(second.id());
        second.acquires();
    }

    @Test
    void strangerThatFindsTheLockFreeGivesItToTheFirstAndQueuesBehind() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();
        expireHolder();

        Contended answer = newOwner().queues();

        assertThat(answer.holder().owner()).isEqualTo(first.id());
        assertThat(answer.rank()).isEqualTo(1);
        assertHeldBy(first);
        assertThat(first.acquires()).isGreaterThan(this.number);
    }

    @Test
    void strangerWithoutTimeDoesNotOvertakeEither() {
        StoreOwner first = newOwner();
        first.queues();
        expireHolder();
        Contended answer = newOwner().fails();
        assertThat(answer.holder().owner()).isEqualTo(first.id());
        assertThat(answer.rank()).isEqualTo(-1);
    }

    @Test
    void pollOfALaterWaiterGivesTheLockToTheFirst() {
        ListeningProcess process = listeningProcess();
        StoreOwner first = process.owner(this.lock).fairly();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();
        expireHolder();

        Contended answer = second.queues();

        assertThat(answer.holder().owner()).isEqualTo(first.id());
        assertThat(answer.rank()).isEqualTo(0);
        assertThat(process.messages().next()).satisfies(grant -> {
            assertThat(grant.owner()).isEqualTo(first.id());
            assertThat(grant.number()).isGreaterThan(this.number);
            assertThat(grant.lease()).isEqualTo(fixture().grantLease());
        });
    }

    @Test
    void firstThatAsksItselfGetsTheLock() {
        ListeningProcess process = listeningProcess();
        StoreOwner first = process.owner(this.lock).fairly();
        first.queues();
        newOwner().queues();
        expireHolder();

        first.acquires();

        assertThat(remaining(this.lock)).isGreaterThan(Duration.ofSeconds(5));
        assertThat(first.frees()).isEqualTo(new ReleaseOutcome.HandedOver());
        assertThat(process.messages().others()).isEmpty();
    }

    @Test
    void waiterThatLeavesGivesAFreeLockToTheFirst() {
        ListeningProcess process = listeningProcess();
        StoreOwner first = process.owner(this.lock).fairly();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();
        expireHolder();

        second.leaves();

        assertThat(process.messages().next().owner()).isEqualTo(first.id());
        assertHeldBy(first);
    }

    @Test
    void ownerThatHasWaitedLongerIsServedBeforeOneThatQueuedBeforeIt() {
        StoreOwner first = newOwner();
        StoreOwner patient = newOwner().havingWaited(Duration.ofMinutes(1));
        first.queues();
        patient.queues();
        expireHolder();

        assertThat(first.queues().holder().owner()).isEqualTo(patient.id());

        patient.acquires();
    }

    @Test
    void strangerThatFindsTheLockFreeAfterASilenceOfAllDoesNotOvertakeThem() {
        StoreOwner first = newOwner().pollingEvery(SHORT);
        StoreOwner second = newOwner().pollingEvery(SHORT);
        first.queues();
        second.queues();
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(10));

        Contended answer = newOwner().queues();

        assertThat(answer.holder().owner()).isEqualTo(first.id());
        assertThat(answer.rank()).isEqualTo(1);
        first.acquires();
        first.frees();
        assertHeldBy(second);
    }

    @Test
    void nothingIsLeftOfTheOnlyWaiterThatServesItselfAfterASilence() {
        StoreOwner waiter = newOwner().pollingEvery(SHORT);
        waiter.queues();
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(10));

        waiter.acquires();
        waiter.frees();

        fixture().assertNothingLeft();
    }

    @Test
    void callerTakesAFreeLockForWhichNobodyWaits() {
        expireHolder();
        newOwner().acquiresAtOnce();
    }

    @Test
    void deadWaitersDoNotHoldUpTheOthers() {
        newOwner().pollingEvery(SHORT).queues();
        StoreOwner second = newOwner();
        second.queues();
        expireHolder();
        fixture().elapse(SHORT.multipliedBy(2));
        second.acquires();
    }

    private StoreOwner newOwner() {
        return process().owner(this.lock).fairly();
    }

    private void expireHolder() {
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(2));
    }
}
