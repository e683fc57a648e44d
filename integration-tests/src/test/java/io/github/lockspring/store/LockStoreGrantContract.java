package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome.Contended;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hand-over by message to owners whose process listens. */
public abstract class LockStoreGrantContract extends StoreSuite {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final String lock = newLock();

    private StoreOwner holder;

    private long number;

    @BeforeEach
    void takeLock() {
        this.holder = process().owner(this.lock);
        this.number = this.holder.acquires();
    }

    @Test
    void releaseGrantsToTheOwnerThatWaits() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock);
        Contended answer = waiter.queues();
        fixture().elapse(SHORT);

        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.HandedOver());

        Grant grant = process.messages().next();
        assertThat(grant.fullName()).isEqualTo(this.lock);
        assertThat(grant.owner()).isEqualTo(waiter.id());
        assertThat(grant.number()).isGreaterThan(this.number).isGreaterThanOrEqualTo(grant.serverTimeMicros());
        assertThat(grant.lease()).isEqualTo(fixture().grantLease());
        assertThat(grant.serverTimeMicros() - answer.serverTimeMicros()).isBetween(100_000L, 5_000_000L);
        assertHeldBy(waiter);
    }

    @Test
    void grantLeaseIsNeverMoreThanAskedFor() {
        Duration asked = fixture().grantLease().dividedBy(2);
        ListeningProcess process = listeningProcess();
        process.owner(this.lock).leasing(asked).queues();
        this.holder.frees();
        assertThat(process.messages().next().lease()).isEqualTo(asked);
        assertThat(remaining(this.lock)).isLessThanOrEqualTo(asked);
    }

    @Test
    void grantIsHeldForTheGrantLease() {
        listeningProcess().owner(this.lock).leasing(Duration.ofHours(1)).queues();
        this.holder.frees();
        assertThat(remaining(this.lock))
                .isBetween(fixture().grantLease().dividedBy(5), fixture().grantLease());
        fixture().elapse(fixture().grantLease());
        assertFree(this.lock);
    }

    @Test
    void grantIsRenewedToTheFullLease() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock);
        waiter.queues();
        this.holder.frees();
        assertThat(waiter.renews(Duration.ofHours(1))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(remaining(this.lock)).isGreaterThan(Duration.ofMinutes(50));
    }

    @Test
    void pollThatCrossesTheGrantGetsTheLockWithANewNumber() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock).leasing(Duration.ofHours(1));
        waiter.queues();
        this.holder.frees();

        long polled = waiter.acquires();

        assertThat(polled).isGreaterThan(process.messages().next().number());
        assertThat(remaining(this.lock)).isGreaterThan(Duration.ofMinutes(50));
    }

    @Test
    void receiverThatHasEndedMakesRoomForTheNextOne() {
        ListeningProcess earlier = listeningProcess();
        ListeningProcess later = listeningProcessAfter(earlier);
        StoreOwner waiter = later.owner(this.lock);
        waiter.queues();

        this.holder.frees();

        assertThat(later.messages().next().owner()).isEqualTo(waiter.id());
        assertThat(earlier.messages().others()).isEmpty();
    }

    @Test
    void longestWaitingIsGrantedWhateverItsProcess() {
        ListeningProcess one = listeningProcess();
        ListeningProcess two = listeningProcess();
        StoreOwner first = one.owner(this.lock);
        StoreOwner second = two.owner(this.lock);
        StoreOwner third = one.owner(this.lock);
        first.queues();
        second.queues();
        third.queues();

        this.holder.frees();
        Grant firstGrant = one.messages().next();
        first.frees();
        Grant secondGrant = two.messages().next();
        second.frees();
        Grant thirdGrant = one.messages().next();

        assertThat(firstGrant.owner()).isEqualTo(first.id());
        assertThat(secondGrant.owner()).isEqualTo(second.id());
        assertThat(thirdGrant.owner()).isEqualTo(third.id());
        assertThat(secondGrant.number()).isGreaterThan(firstGrant.number());
        assertThat(thirdGrant.number()).isGreaterThan(secondGrant.number());
        assertThat(third.frees()).isEqualTo(new ReleaseOutcome.Freed());
    }

    @Test
    void grantIsToldOnceAndOnlyToTheProcessOfItsOwner() {
        ListeningProcess one = listeningProcess();
        ListeningProcess two = listeningProcess();
        StoreOwner first = one.owner(this.lock);
        StoreOwner second = two.owner(this.lock);
        StoreOwner third = one.owner(this.lock);
        first.queues();
        second.queues();
        third.queues();

        this.holder.frees();
        first.frees();
        second.frees();

        assertThat(two.messages().next().owner()).isEqualTo(second.id());
        assertThat(one.messages().next().owner()).isEqualTo(first.id());
        assertThat(one.messages().next().owner()).isEqualTo(third.id());
        assertThat(one.messages().others()).isEmpty();
        assertThat(two.messages().others()).isEmpty();
    }

    @Test
    void repeatedReleaseGrantsNothing() {
        ListeningProcess process = listeningProcess();
        StoreOwner first = process.owner(this.lock);
        StoreOwner second = process.owner(this.lock);
        first.queues();
        second.queues();
        this.holder.frees();

        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.NotOwner());
        this.holder.leaves();

        assertHeldBy(first);
        assertThat(second.queues().rank()).isEqualTo(0);
        assertThat(process.messages().next().owner()).isEqualTo(first.id());
        assertThat(process.messages().others()).isEmpty();
    }

    @Test
    void grantIsNotToldByTheThreadThatReleased() {
        ListeningProcess process = listeningProcess();
        process.owner(this.lock).queues();
        this.holder.frees();
        assertThat(process.messages().nextTold().thread()).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void holderThatLeavesPassesTheLockOn() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock);
        waiter.queues();
        this.holder.leaves();
        assertThat(process.messages().next().owner()).isEqualTo(waiter.id());
        assertHeldBy(waiter);
    }

    @Test
    void grantedOwnerThatLeavesPassesTheLockOn() {
        ListeningProcess process = listeningProcess();
        StoreOwner gone = process.owner(this.lock);
        StoreOwner waiter = process.owner(this.lock);
        gone.queues();
        waiter.queues();
        this.holder.frees();

        gone.leaves();

        assertThat(process.messages().next().owner()).isEqualTo(gone.id());
        assertThat(process.messages().next().owner()).isEqualTo(waiter.id());
        assertHeldBy(waiter);
    }

    @Test
    void waiterThatLeavesIsGrantedNothing() {
        ListeningProcess process = listeningProcess();
        StoreOwner gone = process.owner(this.lock);
        gone.queues();
        gone.leaves();
        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.Freed());
        assertFree(this.lock);
    }

    @Test
    void whoAcquiredIsGrantedNothing() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock);
        waiter.queues();
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(2));

        waiter.acquires();

        assertThat(waiter.frees()).isEqualTo(new ReleaseOutcome.Freed());
        assertThat(process.messages().others()).isEmpty();
    }

    @Test
    void deadListenerIsSkipped() {
        ListeningProcess process = listeningProcess();
        process.owner(this.lock).pollingEvery(SHORT).queues();
        StoreOwner alive = process.owner(this.lock);
        alive.queues();

        fixture().elapse(SHORT.multipliedBy(4));
        this.holder.frees();

        assertThat(process.messages().next().owner()).isEqualTo(alive.id());
        assertThat(process.messages().others()).isEmpty();
    }

    @Test
    void pollersAndListenersAreServedInOneOrder() {
        ListeningProcess process = listeningProcess();
        StoreOwner poller = process().owner(this.lock);
        StoreOwner listener = process.owner(this.lock);
        poller.queues();
        listener.queues();

        this.holder.frees();
        assertHeldBy(poller);
        poller.acquires();
        poller.frees();

        assertThat(process.messages().next().owner()).isEqualTo(listener.id());
        assertHeldBy(listener);
    }

    @Test
    void pollerThatGoesOnAsAListenerIsAListener() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock);
        waiter.polling().queues();
        waiter.queues();
        this.holder.frees();
        assertThat(process.messages().next().owner()).isEqualTo(waiter.id());
    }

    @Test
    void newestLeaseAskedForCounts() {
        Duration asked = fixture().grantLease().dividedBy(2);
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock);
        waiter.queues();
        waiter.leasing(asked).queues();

        this.holder.frees();

        assertThat(process.messages().next().lease()).isEqualTo(asked);
    }
}
