package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Going on with a tenure unless somebody waits: {@link ReleaseMode.KeepIfNobodyWaits}. */
public abstract class LockStoreKeepContract extends StoreSuite {

    private static final Duration SHORT = Duration.ofMillis(100);

    private static final ReleaseMode KEEP = new ReleaseMode.KeepIfNobodyWaits(Duration.ofHours(1));

    private final String lock = newLock();

    private StoreOwner holder;

    private long number;

    @BeforeEach
    void takeLock() {
        this.holder = process().owner(this.lock);
        this.number = this.holder.acquires();
    }

    @Test
    void storeSaysThatItKeeps() {
        assertThat(process().store().capabilities()).contains(StoreCapability.KEEP);
    }

    @Test
    void tenureGoesOnWithANewNumberAndLeaseWhenNobodyWaits() {
        ReleaseOutcome outcome = this.holder.releases(KEEP);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ReleaseOutcome.Kept.class,
                        kept -> assertThat(kept.number()).isGreaterThan(this.number));
        assertHeldBy(this.holder);
        assertThat(remaining(this.lock)).isGreaterThan(Duration.ofMinutes(50));
    }

    @Test
    void tenureThatGoesOnMayDoSoWithAShorterLease() {
        Duration lease = Duration.ofMinutes(1);
        assertThat(this.holder.releases(new ReleaseMode.KeepIfNobodyWaits(lease)))
                .isInstanceOf(ReleaseOutcome.Kept.class);
        assertThat(remaining(this.lock)).isLessThanOrEqualTo(lease);
    }

    @Test
    void numbersAfterAKeepAreHigherThanItsNumber() {
        long kept = ((ReleaseOutcome.Kept) this.holder.releases(KEEP)).number();
        assertThat(this.holder.releases(KEEP))
                .isInstanceOfSatisfying(
                        ReleaseOutcome.Kept.class,
                        again -> assertThat(again.number()).isGreaterThan(kept));
    }

    @Test
    void keptTenureIsReleasedLikeAnyOther() {
        this.holder.releases(KEEP);
        assertThat(this.holder.frees()).isEqualTo(new ReleaseOutcome.Freed());
        assertFree(this.lock);
    }

    @Test
    void lockIsGrantedWhenAListenerWaits() {
        ListeningProcess process = listeningProcess();
        StoreOwner waiter = process.owner(this.lock);
        waiter.queues();

        assertThat(this.holder.releases(KEEP)).isEqualTo(new ReleaseOutcome.HandedOver());

        assertThat(process.messages().next()).satisfies(grant -> {
            assertThat(grant.owner()).isEqualTo(waiter.id());
            assertThat(grant.number()).isGreaterThan(this.number);
        });
        assertHeldBy(waiter);
    }

    @Test
    void lockIsReservedWhenAPollerWaits() {
        StoreOwner waiter = process().owner(this.lock);
        waiter.queues();

        assertThat(this.holder.releases(KEEP)).isEqualTo(new ReleaseOutcome.HandedOver());

        assertHeldBy(waiter);
        assertThat(remaining(this.lock))
                .isLessThanOrEqualTo(waiter.pollInterval().multipliedBy(2));
        assertThat(waiter.acquires()).isGreaterThan(this.number);
    }

    @Test
    void whoOnlyTriedDoesNotWait() {
        process().owner(this.lock).fails();
        assertThat(this.holder.releases(KEEP)).isInstanceOf(ReleaseOutcome.Kept.class);
    }

    @Test
    void theDeadDoNotWait() {
        process().owner(this.lock).pollingEvery(SHORT).queues();
        fixture().elapse(SHORT.multipliedBy(4));
        StoreOwner alive = process().owner(this.lock);
        alive.queues();
        alive.leaves();
        fixture().elapse(SHORT.multipliedBy(4));

        assertThat(this.holder.releases(KEEP)).isInstanceOf(ReleaseOutcome.Kept.class);
    }

    @Test
    void anothersLockIsNotKept() {
        StoreOwner stranger = process().owner(this.lock);
        assertThat(stranger.releases(KEEP)).isEqualTo(new ReleaseOutcome.NotOwner());
        assertHeldBy(this.holder);
        assertThat(remaining(this.lock)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void expiredTenureIsNotKept() {
        this.holder.expires(SHORT);
        fixture().elapse(SHORT.multipliedBy(2));
        assertThat(this.holder.releases(KEEP)).isEqualTo(new ReleaseOutcome.NotOwner());
        assertFree(this.lock);
    }
}
