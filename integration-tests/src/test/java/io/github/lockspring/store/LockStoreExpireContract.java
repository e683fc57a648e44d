package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Letting a lock end by itself: {@link ReleaseMode.ExpireAfter}. */
public abstract class LockStoreExpireContract extends StoreSuite {

    private static final Duration REMAINDER = Duration.ofSeconds(1);

    private static final ReleaseMode EXPIRE = new ReleaseMode.ExpireAfter(REMAINDER);

    private final String lock = newLock();

    private StoreOwner holder;

    @BeforeEach
    void takeLock() {
        this.holder = process().owner(this.lock);
        this.holder.acquires();
    }

    @Test
    void storeSaysThatItExpires() {
        assertThat(process().store().capabilities()).contains(StoreCapability.EXPIRE);
    }

    @Test
    void lockStaysForTheRemainderAndIsFreeThen() {
        assertThat(this.holder.releases(EXPIRE)).isEqualTo(new ReleaseOutcome.Expiring());
        assertThat(remaining(this.lock)).isBetween(Duration.ofMillis(1), REMAINDER);
        process().owner(this.lock).fails();
        fixture().elapse(REMAINDER.plusMillis(100));
        assertFree(this.lock);
        process().owner(this.lock).acquiresAtOnce();
    }

    @Test
    void remainderMayBeLongerThanWhatWasLeftOfTheLease() {
        this.holder.releases(new ReleaseMode.ExpireAfter(Duration.ofHours(1)));
        assertThat(remaining(this.lock)).isGreaterThan(Duration.ofMinutes(50));
    }

    @Test
    void nobodyIsGrantedTheLockAndWaitersKeepTheirPlaces() {
        ListeningProcess process = listeningProcess();
        StoreOwner listener = process.owner(this.lock);
        StoreOwner poller = process().owner(this.lock);
        listener.queues();
        poller.queues();

        this.holder.releases(EXPIRE);

        assertThat(listener.queues()).satisfies(answer -> {
            assertThat(answer.holder().owner()).isEqualTo(this.holder.id());
            assertThat(answer.rank()).isEqualTo(0);
        });
        assertThat(poller.queues().rank()).isEqualTo(1);
        fixture().elapse(REMAINDER.plusMillis(100));
        listener.acquires();
        assertThat(process.messages().others()).isEmpty();
    }

    @Test
    void firstIsServedAfterTheRemainderWhenWaitersAreServedInOrder() {
        StoreOwner first = process().owner(this.lock).fairly();
        StoreOwner second = process().owner(this.lock).fairly();
        first.queues();
        second.queues();
        this.holder.releases(EXPIRE);
        fixture().elapse(REMAINDER.plusMillis(100));

        assertThat(second.queues().holder().owner()).isEqualTo(first.id());

        first.acquires();
    }

    @Test
    void anothersLockIsLeftAlone() {
        assertThat(process().owner(this.lock).releases(new ReleaseMode.ExpireAfter(Duration.ofHours(1))))
                .isEqualTo(new ReleaseOutcome.NotOwner());
        assertHeldBy(this.holder);
        assertThat(remaining(this.lock)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void freeLockIsLeftFree() {
        this.holder.frees();
        assertThat(this.holder.releases(EXPIRE)).isEqualTo(new ReleaseOutcome.NotOwner());
        assertFree(this.lock);
    }
}
