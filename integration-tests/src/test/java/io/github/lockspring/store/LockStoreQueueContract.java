package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting in a queue in the store. The owners here poll; who is told by message, see {@link LockStoreGrantContract}. */
public abstract class LockStoreQueueContract extends StoreSuite {

    /** Three of these are soon over. */
    private static final Duration SHORT = Duration.ofMillis(100);

    private final String lock = newLock();

    private StoreOwner holder;

    @BeforeEach
    void takeLock() {
        this.holder = process().owner(this.lock);
        this.holder.acquires();
    }

    @Test
    void storeSaysThatItQueues() {
        assertThat(process().store().capabilities()).contains(StoreCapability.QUEUE);
    }

    @Test
    void waitersStandInOrderOfArrival() {
        assertThat(newOwner().queues().rank()).isEqualTo(0);
        assertThat(newOwner().queues().rank()).isEqualTo(1);
        assertThat(newOwner().queues().rank()).isEqualTo(2);
    }

    @Test
    void waiterThatAsksAgainKeepsItsPlaceAndStandsThereOnce() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();

        assertThat(first.queues().rank()).isEqualTo(0);
        assertThat(second.queues().rank()).isEqualTo(1);
        first.leaves();
        assertThat(second.queues().rank()).isEqualTo(0);
    }

    @Test
    void ownerThatHasWaitedLongerStandsAheadOfOneThatQueuedBeforeIt() {
        StoreOwner first = newOwner();
        first.queues();
        StoreOwner patient = newOwner().havingWaited(Duration.ofMinutes(1));

        assertThat(patient.queues().rank()).isEqualTo(0);
        assertThat(newOwner().havingWaited(Duration.ofSeconds(30)).queues().rank())
                .isEqualTo(1);

        assertThat(first.queues().rank()).isEqualTo(2);
        this.holder.frees();
        assertHeldBy(patient);
    }

    @Test
    void askingAgainNeverCostsAPlace() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.havingWaited(Duration.ofMinutes(2)).queues();
        second.havingWaited(Duration.ofMinutes(1)).queues();
        assertThat(first.queues().rank()).isEqualTo(0);
        assertThat(second.queues().rank()).isEqualTo(1);
    }

    @Test
    void askingAgainRegainsThePlaceThatAnOwnerIsDue() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        second.havingWaited(Duration.ofMinutes(1)).queues();
        assertThat(first.queues().rank()).isEqualTo(1);
        assertThat(first.havingWaited(Duration.ofMinutes(2)).queues().rank()).isEqualTo(0);
        assertThat(second.queues().rank()).isEqualTo(1);
    }

    @Test
    void silenceOfAllCostsNobodyItsPlace() {
        StoreOwner first = newOwner().pollingEvery(SHORT);
        StoreOwner second = newOwner().pollingEvery(SHORT);
        first.queues();
        second.queues();

        fixture().elapse(SHORT.multipliedBy(10));

        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.HandedOver());
        assertHeldBy(first);
        assertThat(second.queues().rank()).isEqualTo(0);
    }

    @Test
    void whoComesAfterASilenceOfAllStandsBehindThem() {
        StoreOwner first = newOwner().pollingEvery(SHORT);
        StoreOwner second = newOwner().pollingEvery(SHORT);
        first.queues();
        second.queues();

        fixture().elapse(SHORT.multipliedBy(10));

        assertThat(newOwner().queues().rank()).isEqualTo(2);
        this.holder.frees();
        assertHeldBy(first);
        first.leaves();
        assertHeldBy(second);
    }

    @Test
    void silenceOfAllIsForgivenOnce() {
        newOwner().pollingEvery(SHORT).queues();
        newOwner().pollingEvery(SHORT).queues();
        fixture().elapse(SHORT.multipliedBy(10));
        this.holder.frees();
        fixture().elapse(SHORT.multipliedBy(4));
        StoreOwner next = newOwner();
        next.acquiresAtOnce();

        assertThat(next.frees()).isEqualTo(new ReleaseOutcome.Freed());

        fixture().assertNothingLeft();
    }

    @Test
    void nothingIsLeftOfAQueueThatWasServedAfterASilence() {
        StoreOwner waiter = newOwner().pollingEvery(SHORT);
        waiter.queues();
        fixture().elapse(SHORT.multipliedBy(10));
        this.holder.frees();
        waiter.acquires();
        waiter.frees();

        fixture().assertNothingLeft();
    }

    @Test
    void whoMayNotQueueDoesNot() {
        assertThat(newOwner().fails().rank()).isEqualTo(-1);
        assertThat(newOwner().queues().rank()).isEqualTo(0);
        assertThat(newOwner().fails().rank()).isEqualTo(-1);
    }

    @Test
    void holderDoesNotStandInItsOwnQueue() {
        this.holder.acquires();
        assertThat(newOwner().queues().rank()).isEqualTo(0);
        newOwner().leaves();
    }

    @Test
    void queuesOfDifferentLocksAreIndependent() {
        newOwner().queues();
        String otherLock = newLock();
        process().owner(otherLock).acquires();
        assertThat(process().owner(otherLock).queues().rank()).isEqualTo(0);
    }

    @Test
    void releaseServesInOrderOfArrival() {
        StoreOwner[] waiters = {newOwner(), newOwner(), newOwner()};
        for (StoreOwner waiter : waiters) {
            waiter.queues();
        }
        waiters[0].queues();

        StoreOwner current = this.holder;
        for (StoreOwner next : waiters) {
            assertThat(current.frees()).isEqualTo(new ReleaseOutcome.HandedOver());
            assertHeldBy(next);
            next.acquires();
            current = next;
        }
        assertThat(current.frees()).isEqualTo(new ReleaseOutcome.Freed());
        assertFree(this.lock);
    }

    @Test
    void whoGetsTheLockLeavesTheQueue() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();

        this.holder.frees();
        assertThat(second.queues().rank()).isEqualTo(0);
        first.acquires();

        assertThat(second.queues().rank()).isEqualTo(0);
    }

    @Test
    void whoLeavesIsNotServed() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();

        first.leaves();
        assertHeldBy(this.holder);
        this.holder.frees();

        assertHeldBy(second);
    }

    @Test
    void whoeverFindsTheLockFreeTakesItAndTheOthersKeepTheirPlaces() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();
        expireHolder();

        second.acquires();

        assertThat(first.queues().rank()).isEqualTo(0);
        assertThat(second.frees()).isEqualTo(new ReleaseOutcome.HandedOver());
        assertHeldBy(first);
        assertThat(first.frees()).isEqualTo(new ReleaseOutcome.Freed());
    }

    @Test
    void strangerTakesAFreeLockWithoutHavingWaited() {
        StoreOwner waiter = newOwner();
        waiter.queues();
        expireHolder();
        newOwner().acquiresAtOnce();
        assertThat(waiter.queues().rank()).isEqualTo(0);
    }

    @Test
    void releaseByAWaiterChangesNothing() {
        StoreOwner waiter = newOwner();
        waiter.queues();
        assertThat(waiter.frees()).isEqualTo(new ReleaseOutcome.NotOwner());
        assertHeldBy(this.holder);
        assertThat(newOwner().queues().rank()).isEqualTo(1);
    }

    @Test
    void whoHasNotAskedForThreePollIntervalsIsSkippedAndLosesItsPlace() {
        StoreOwner dead = newOwner().pollingEvery(SHORT);
        StoreOwner alive = newOwner();
        dead.queues();
        alive.queues();

        fixture().elapse(SHORT.multipliedBy(4));
        this.holder.frees();

        assertHeldBy(alive);
        alive.acquires();
        newOwner().queues();
        assertThat(dead.queues().rank()).isEqualTo(1);
    }

    @Test
    void deadWaitersDoNotKeepALockFromBeingFreed() {
        newOwner().pollingEvery(SHORT).queues();
        newOwner().pollingEvery(SHORT).queues();

        fixture().elapse(SHORT.multipliedBy(4));
        StoreOwner alive = newOwner();
        alive.queues();
        alive.leaves();
        fixture().elapse(SHORT.multipliedBy(4));

        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.Freed());
        assertFree(this.lock);
    }

    @Test
    void whoAsksAgainInTimeStaysAlive() {
        Duration interval = Duration.ofMillis(800);
        StoreOwner waiter = newOwner().pollingEvery(interval);
        waiter.queues();

        fixture().elapse(interval.multipliedBy(8).dividedBy(5));
        waiter.queues();
        fixture().elapse(interval.multipliedBy(8).dividedBy(5));
        this.holder.frees();

        assertHeldBy(waiter);
    }

    @Test
    void whoHasMissedTwoPollsIsStillAlive() {
        Duration interval = Duration.ofMillis(1200);
        StoreOwner waiter = newOwner().pollingEvery(interval);
        waiter.queues();
        fixture().elapse(interval.multipliedBy(2));
        this.holder.frees();
        assertHeldBy(waiter);
    }

    @Test
    void strangerThatLeavesChangesNothing() {
        StoreOwner waiter = newOwner();
        waiter.queues();
        expireHolder();

        newOwner().leaves();

        assertFree(this.lock);
        newOwner().acquires();
        assertThat(waiter.queues().rank()).isEqualTo(0);
    }

    @Test
    void nothingIsLeftOfAQueueThatWasServed() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();
        this.holder.frees();
        first.acquires();
        second.leaves();
        first.frees();

        fixture().assertNothingLeft();
    }

    @Test
    void newestPollIntervalCounts() {
        StoreOwner waiter = newOwner();
        waiter.pollingEvery(SHORT).queues();
        waiter.queues();
        fixture().elapse(SHORT.multipliedBy(4));
        this.holder.frees();
        assertHeldBy(waiter);
    }

    @Test
    void impatientWaiterDoesNotShortenTheQueueOfOthers() {
        StoreOwner patient = newOwner();
        patient.queues();
        newOwner().pollingEvery(SHORT).queues();
        fixture().elapse(SHORT.multipliedBy(8));
        this.holder.frees();
        assertHeldBy(patient);
    }

    private StoreOwner newOwner() {
        return process().owner(this.lock);
    }

    private void expireHolder() {
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(2));
    }
}
