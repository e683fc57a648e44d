package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hand-over to owners that no message reaches: the lock is reserved until their next poll. */
public abstract class LockStorePollContract extends StoreSuite {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final String lock = newLock();

    private StoreOwner holder;

    private long number;

    @BeforeEach
    void takeLock() {
        this.holder = process().owner(this.lock);
        this.number = this.holder.acquires();
    }

    @Test
    void lockIsReservedForTwoPollIntervals() {
        StoreOwner waiter = newOwner().pollingEvery(INTERVAL);
        waiter.queues();
        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.HandedOver());
        assertHeldBy(waiter);
        assertThat(remaining(this.lock)).isBetween(Duration.ofMillis(1), INTERVAL.multipliedBy(2));
    }

    @Test
    void reservationIsAsLongForAnOwnerThatAskedForALongLease() {
        StoreOwner waiter = newOwner().pollingEvery(INTERVAL).leasing(Duration.ofHours(1));
        waiter.queues();
        this.holder.frees();
        assertThat(remaining(this.lock)).isLessThanOrEqualTo(INTERVAL.multipliedBy(2));
    }

    @Test
    void nextPollFindsTheReservation() {
        StoreOwner waiter = newOwner();
        waiter.queues();
        this.holder.frees();
        newOwner().fails();
        assertThat(waiter.leasing(Duration.ofHours(1)).acquires()).isGreaterThan(this.number);
        assertThat(remaining(this.lock)).isGreaterThan(Duration.ofMinutes(50));
    }

    @Test
    void unusedReservationExpiresAndItsOwnerHasLeftTheQueue() {
        StoreOwner silent = newOwner().pollingEvery(INTERVAL);
        silent.queues();
        this.holder.frees();

        fixture().elapse(INTERVAL.multipliedBy(2).plusMillis(200));

        assertFree(this.lock);
        StoreOwner next = newOwner();
        next.acquires();
        newOwner().queues();
        assertThat(silent.queues().rank()).isEqualTo(1);
        assertThat(silent.renews(INTERVAL)).isEqualTo(RenewOutcome.NOT_OWNER);
    }

    @Test
    void reservationThatIsLeftPassesOn() {
        StoreOwner first = newOwner();
        StoreOwner second = newOwner();
        first.queues();
        second.queues();
        this.holder.frees();

        first.leaves();

        assertHeldBy(second);
    }

    @Test
    void pollerGetsNoMessage() {
        ListeningProcess process = listeningProcess();
        StoreOwner poller = process.owner(this.lock).polling();
        StoreOwner listener = process.owner(this.lock);
        poller.queues();
        listener.queues();

        this.holder.frees();
        poller.acquires();
        poller.frees();

        assertThat(process.messages().next().owner()).isEqualTo(listener.id());
        assertThat(process.messages().others()).isEmpty();
    }

    @Test
    void listenerThatGoesOnAsAPollerIsAPoller() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock).leasing(Duration.ofSeconds(1));
        waiter.queues();
        waiter.polling().queues();

        this.holder.frees();

        assertHeldBy(waiter);
        assertThat(remaining(this.lock)).as("a reservation").isGreaterThan(Duration.ofSeconds(10));
    }

    private StoreOwner newOwner() {
        return process().owner(this.lock);
    }
}
