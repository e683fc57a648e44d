package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome.Acquired;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Visits a counter again and again, each time as a new owner with habits drawn at random. */
final class FuzzVisitor implements Callable<Integer> {

    private static final ReleaseMode KEEP = new ReleaseMode.KeepIfNobodyWaits(Duration.ofMinutes(1));

    private final ListeningProcess process;

    private final String lock;

    private final boolean fair;

    private final GuardedCounter counter;

    private final Random random;

    private final int atLeast;

    private int visits;

    FuzzVisitor(
            ListeningProcess process, String lock, boolean fair, GuardedCounter counter, Random random, int atLeast) {
        this.process = process;
        this.lock = lock;
        this.fair = fair;
        this.counter = counter;
        this.random = random;
        this.atLeast = atLeast;
    }

    /** Returns how often it was inside. */
    @Override
    public Integer call() throws InterruptedException {
        while (this.visits < this.atLeast) {
            StoreOwner owner = newOwner();
            if (waitFor(owner)) {
                goOn(owner);
                end(owner);
            } else {
                owner.leaves();
            }
        }
        return this.visits;
    }

    private StoreOwner newOwner() {
        StoreOwner owner = this.process.owner(this.lock).leasing(Duration.ofMinutes(1));
        owner = this.fair ? owner.fairly() : owner;
        return this.random.nextBoolean() ? owner : owner.polling();
    }

    /** Asks some times, and is inside once if that is enough. */
    private boolean waitFor(StoreOwner owner) throws InterruptedException {
        boolean mayQueue = !oneIn(4);
        for (int asks = this.random.nextInt(6); asks >= 0; asks--) {
            AcquireOutcome outcome = ask(owner, mayQueue);
            if (oneIn(8)) {
                outcome = ask(owner, mayQueue);
            }
            if (outcome instanceof Acquired acquired) {
                visit(owner, acquired.number());
                return true;
            }
            if (owner.listens() && mayQueue) {
                Grant grant = awaitGrant(owner);
                if (grant != null && owner.renews(Duration.ofMinutes(1)) == RenewOutcome.RENEWED) {
                    visit(owner, grant.number());
                    return true;
                }
            } else {
                LockSupport.parkNanos(this.random.nextInt(200_000));
            }
        }
        return false;
    }

    private AcquireOutcome ask(StoreOwner owner, boolean mayQueue) {
        return mayQueue ? owner.poll() : owner.tryOnce();
    }

    /** Messages for owners of former visits are late, and nobody waits for them. */
    private Grant awaitGrant(StoreOwner owner) throws InterruptedException {
        long timeout = this.random.nextInt(2_000_000);
        Grant grant = this.process.messages().poll(timeout, TimeUnit.NANOSECONDS);
        while (grant != null && !grant.owner().equals(owner.id())) {
            grant = this.process.messages().poll(timeout, TimeUnit.NANOSECONDS);
        }
        return grant;
    }

    /** Keeps the lock for further visits while nobody waits. */
    private void goOn(StoreOwner owner) {
        while (oneIn(3)) {
            ReleaseOutcome outcome = owner.releases(KEEP);
            if (!(outcome instanceof ReleaseOutcome.Kept kept)) {
                assertThat(outcome).isEqualTo(new ReleaseOutcome.HandedOver());
                return;
            }
            visit(owner, kept.number());
        }
    }

    /** Gives back what it may have given back already, perhaps twice, perhaps after a late repetition of its request. */
    private void end(StoreOwner owner) {
        if (oneIn(4)) {
            owner.leaves();
        } else {
            owner.frees();
        }
        if (oneIn(8)) {
            assertThat(owner.frees()).isEqualTo(new ReleaseOutcome.NotOwner());
        }
        if (oneIn(8)) {
            owner.poll();
            owner.leaves();
        }
    }

    private void visit(StoreOwner owner, long number) {
        this.visits++;
        this.counter.visit(owner.id(), number);
    }

    private boolean oneIn(int chances) {
        return this.random.nextInt(chances) == 0;
    }
}
