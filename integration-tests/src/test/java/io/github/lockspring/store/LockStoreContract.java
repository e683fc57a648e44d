package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome.Contended;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store does, a minimal one included: acquire, renew, free. */
public abstract class LockStoreContract extends StoreSuite {

    private static final Duration LEASE = Duration.ofSeconds(1);

    @Test
    void freeLockIsAcquired() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock);
        assertThat(owner.acquiresAtOnce()).isPositive();
        assertHeldBy(owner);
        assertThat(remaining(lock)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    @Test
    void contendedLockTellsWhoHasItAndForHowLong() {
        String lock = newLock();
        StoreOwner holder = process().owner(lock);
        holder.acquires();

        Contended answer = process().owner(lock).fails();

        assertThat(answer.holder().owner()).isEqualTo(holder.id());
        assertThat(answer.holder().remaining()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
        assertThat(answer.rank()).isEqualTo(-1);
        assertThat(answer.passedOver()).isFalse();
    }

    @Test
    void askingForAContendedLockChangesNothing() {
        String lock = newLock();
        StoreOwner holder = process().owner(lock);
        holder.acquires();
        StoreOwner other = process().owner(lock).leasing(Duration.ofHours(1));

        other.fails();
        other.fails();

        assertHeldBy(holder);
        assertThat(remaining(lock)).isLessThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(holder.frees()).isEqualTo(new ReleaseOutcome.Freed());
    }

    @Test
    void differentLocksAreIndependent() {
        StoreProcess process = process();
        String one = newLock();
        String two = newLock();
        StoreOwner first = process.owner(one);
        StoreOwner second = process.owner(two);

        first.acquires();
        second.acquires();
        first.frees();

        assertFree(one);
        assertHeldBy(second);
    }

    @Test
    void freedLockIsFree() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock);
        owner.acquires();
        assertThat(owner.frees()).isEqualTo(new ReleaseOutcome.Freed());
        assertFree(lock);
        process().owner(lock).acquiresAtOnce();
    }

    @Test
    void leaseIsOverWhenItsTimeHasPassed() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock).leasing(LEASE);
        StoreOwner next = process().owner(lock);
        owner.acquires();

        next.fails();
        fixture().elapse(LEASE);

        assertFree(lock);
        next.acquiresAtOnce();
    }

    @Test
    void renewalExtendsTheLease() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock).leasing(LEASE);
        owner.acquires();

        assertThat(owner.renews(LEASE.multipliedBy(2))).isEqualTo(RenewOutcome.RENEWED);

        fixture().elapse(LEASE);
        assertHeldBy(owner);
        fixture().elapse(LEASE);
        process().owner(lock).acquiresAtOnce();
    }

    @Test
    void renewalNeverShortensTheLease() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock).leasing(Duration.ofHours(1));
        owner.acquires();
        assertThat(owner.renews(Duration.ofSeconds(10))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(remaining(lock)).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
    }

    @Test
    void expiredLeaseIsNotRenewed() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock).leasing(LEASE);
        owner.acquires();
        fixture().elapse(LEASE.plusMillis(200));
        assertThat(owner.renews(LEASE)).isEqualTo(RenewOutcome.NOT_OWNER);
        assertFree(lock);
    }

    @Test
    void renewalOfAnothersLockChangesNothing() {
        String lock = newLock();
        StoreOwner holder = process().owner(lock);
        holder.acquires();
        assertThat(process().owner(lock).renews(Duration.ofHours(1))).isEqualTo(RenewOutcome.NOT_OWNER);
        assertHeldBy(holder);
        assertThat(remaining(lock)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void renewalsAreAnsweredEachInTheirOrder() {
        StoreProcess process = process();
        StoreOwner held = process.owner(newLock()).leasing(LEASE);
        StoreOwner unknown = process.owner(newLock());
        StoreOwner heldToo = process.owner(newLock()).leasing(LEASE);
        held.acquires();
        heldToo.acquires();

        assertThat(StoreProcess.answers(process.store()
                        .renew(List.of(
                                new Renewal(held.tenure(), Duration.ofSeconds(20)),
                                new Renewal(unknown.tenure(), Duration.ofSeconds(20)),
                                new Renewal(heldToo.tenure(), Duration.ofSeconds(40))))))
                .containsExactly(RenewOutcome.RENEWED, RenewOutcome.NOT_OWNER, RenewOutcome.RENEWED);

        assertThat(remaining(held.tenure().fullName())).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(remaining(heldToo.tenure().fullName())).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
    }

    @Test
    void noRenewalsAreAnsweredByNothing() {
        assertThat(StoreProcess.answers(process().store().renew(List.of()))).isEmpty();
    }

    @Test
    void releaseOfAnothersLockChangesNothing() {
        String lock = newLock();
        StoreOwner holder = process().owner(lock);
        holder.acquires();
        assertThat(process().owner(lock).frees()).isEqualTo(new ReleaseOutcome.NotOwner());
        assertHeldBy(holder);
    }

    @Test
    void releaseOfAFreeLockChangesNothing() {
        String lock = newLock();
        assertThat(process().owner(lock).frees()).isEqualTo(new ReleaseOutcome.NotOwner());
        assertFree(lock);
    }

    @Test
    void lateReleaseDoesNotTouchTheNextHolder() {
        String lock = newLock();
        StoreOwner late = process().owner(lock).leasing(LEASE);
        late.acquires();
        fixture().elapse(LEASE.plusMillis(200));
        StoreOwner next = process().owner(lock);
        next.acquires();

        assertThat(late.frees()).isEqualTo(new ReleaseOutcome.NotOwner());
        assertThat(late.renews(Duration.ofHours(1))).isEqualTo(RenewOutcome.NOT_OWNER);
        late.leaves();

        assertHeldBy(next);
    }

    @Test
    void secondReleaseFindsNothing() {
        StoreOwner owner = process().owner(newLock());
        owner.acquires();
        owner.frees();
        assertThat(owner.frees()).isEqualTo(new ReleaseOutcome.NotOwner());
    }

    @Test
    void ownerThatAsksAgainGetsItsLockWithNewLeaseAndNumber() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock);
        long first = owner.leasing(LEASE).acquires();

        long second = owner.leasing(Duration.ofSeconds(20)).acquires();

        assertThat(second).isGreaterThan(first);
        assertThat(remaining(lock)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(owner.frees()).isEqualTo(new ReleaseOutcome.Freed());
        process().owner(lock).acquiresAtOnce();
    }

    @Test
    void ownerThatAsksAgainForLessKeepsTheLongerLease() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock);
        long first = owner.leasing(Duration.ofHours(1)).acquires();
        assertThat(owner.leasing(LEASE).acquires()).isGreaterThan(first);
        assertThat(remaining(lock)).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
    }

    @Test
    void leaseOfAnEarlierTenureIsNotKept() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock);
        owner.leasing(Duration.ofHours(1)).acquires();
        owner.frees();
        owner.acquires();
        assertThat(remaining(lock)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void ownersOfOneProcessAreStrangers() {
        StoreProcess process = process();
        String lock = newLock();
        process.owner(lock).acquires();
        process.owner(lock).fails();
    }

    @Test
    void numbersStrictlyIncrease() {
        String lock = newLock();
        StoreProcess one = process();
        StoreProcess two = process();
        long last = 0;
        for (int i = 0; i < 50; i++) {
            StoreOwner owner = (i % 2 == 0 ? one : two).owner(lock);
            long number = owner.acquires();
            assertThat(number).isGreaterThan(last).isLessThan(1L << 52);
            last = number;
            owner.frees();
        }
    }

    @Test
    void numbersIncreaseAcrossAnExpiry() {
        String lock = newLock();
        long first = process().owner(lock).leasing(LEASE).acquires();
        fixture().elapse(LEASE.plusMillis(200));
        assertThat(process().owner(lock).acquires()).isGreaterThan(first);
    }

    @Test
    void numbersAreNeverBelowTheClockOfTheStore() {
        String lock = newLock();
        StoreOwner holder = process().owner(lock);
        holder.acquires();
        StoreOwner other = process().owner(lock);
        long stamp = other.fails().serverTimeMicros();
        holder.frees();

        assertThat(other.acquires()).isGreaterThanOrEqualTo(stamp);
    }

    @Test
    void stampsFollowTheClockOfTheStore() {
        String lock = newLock();
        process().owner(lock).acquires();
        StoreOwner other = process().owner(lock);
        long before = other.fails().serverTimeMicros();
        fixture().elapse(Duration.ofMillis(100));
        assertThat(other.fails().serverTimeMicros() - before).isBetween(100_000L, 5_000_000L);
    }

    @Test
    void leaveFreesTheOwnersLock() {
        String lock = newLock();
        StoreOwner owner = process().owner(lock);
        owner.acquires();
        owner.leaves();
        assertFree(lock);
        process().owner(lock).acquiresAtOnce();
    }

    @Test
    void leaveOfAStrangerChangesNothing() {
        String lock = newLock();
        StoreProcess process = process();
        process.owner(lock).leaves();
        assertFree(lock);
        StoreOwner holder = process.owner(lock);
        holder.acquires();

        process.owner(lock).leaves();

        assertHeldBy(holder);
    }

    @Test
    void nothingIsLeftOfAFreeLock() {
        StoreProcess process = process();
        for (int i = 0; i < 100; i++) {
            StoreOwner owner = process.owner(newLock());
            owner.acquires();
            process.owner(owner.lock()).fails();
            owner.frees();
            owner.renews(LEASE);
            owner.leaves();
        }

        fixture().assertNothingLeft();
    }

    @Test
    void lookingForTheHolderTakesNothing() {
        String lock = newLock();
        assertFree(lock);
        assertFree(lock);
        process().owner(lock).acquiresAtOnce();
    }
}
