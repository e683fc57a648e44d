package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Owners that say they are listening while nobody does, on a store that sees who listens. */
public abstract class LockStoreSubscriptionContract extends StoreSuite {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final String lock = newLock();

    private StoreOwner holder;

    private StoreOwner deaf;

    @BeforeEach
    void takeLockWhileADeafOwnerWaits() {
        assertThat(fixture().seesSubscriptions()).isTrue();
        this.holder = process().owner(this.lock);
        this.holder.acquires();
        this.deaf = process().owner(this.lock).listening();
        this.deaf.queues();
    }

    @Test
    void deafListenerIsPassedOver() {
        ListeningProcess process = listeningProcess();
        StoreOwner next = process.owner(this.lock);
        next.queues();
        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.HandedOver());
        assertThat(process.messages().next().owner()).isEqualTo(next.id());
        assertHeldBy(next);
    }

    @Test
    void whoIsPassedOverKeepsItsPlaceAndIsToldWithItsNextPoll() {
        StoreOwner next = process().owner(this.lock);
        next.queues();
        assertThat(this.deaf.queues().passedOver()).isFalse();

        this.holder.frees();
        next.acquires();
        process().owner(this.lock).queues();

        assertThat(this.deaf.queues()).satisfies(answer -> {
            assertThat(answer.passedOver()).isTrue();
            assertThat(answer.rank()).isEqualTo(0);
        });
    }

    @Test
    void othersAreNotToldThatSomebodyWasPassedOver() {
        StoreOwner next = process().owner(this.lock);
        StoreOwner third = process().owner(this.lock);
        next.queues();
        third.queues();
        this.holder.frees();
        assertThat(third.queues().passedOver()).isFalse();
    }

    @Test
    void whoWasPassedOverIsServedAsAPoller() {
        StoreOwner next = process().owner(this.lock);
        next.queues();
        this.holder.frees();
        next.acquires();
        this.deaf.queues();
        this.deaf.polling().queues();

        next.frees();

        assertHeldBy(this.deaf);
    }

    @Test
    void lockIsFreedWhenOnlyTheDeafWait() {
        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.Freed());
        assertFree(this.lock);
        this.deaf.acquires();
    }

    @Test
    void deafKeepTheirPlacesWhenTheLockIsFreed() {
        this.holder.frees();
        process().owner(this.lock).acquires();
        process().owner(this.lock).queues();
        assertThat(this.deaf.queues().rank()).isEqualTo(0);
    }

    @Test
    void lockIsKeptWhenOnlyTheDeafWait() {
        assertThat(this.holder.releases(new ReleaseMode.KeepIfNobodyWaits(Duration.ofSeconds(10))))
                .isInstanceOf(ReleaseOutcome.Kept.class);
        assertHeldBy(this.holder);
        assertThat(this.deaf.queues().passedOver()).isTrue();
    }

    @Test
    void fairCallerTakesALockForWhichOnlyTheDeafWait() {
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(2));
        process().owner(this.lock).fairly().acquires();
    }

    @Test
    void deafOwnerThatAsksItselfIsServedInItsTurn() {
        process().owner(this.lock).fairly().queues();
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(2));
        this.deaf.fairly().acquires();
    }
}
