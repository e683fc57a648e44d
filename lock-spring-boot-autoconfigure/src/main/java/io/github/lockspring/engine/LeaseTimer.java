package io.github.lockspring.engine;

import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of all tenures: looks through them, sends polls and, in one batch, renewals that are due, and notices
 * leases that have run out and commands that were not answered. Stands still while there is no tenure.
 */
final class LeaseTimer {

    /**
     * No tenure is left alone for longer, or than a third of its lease: what nobody has told the timer of is noticed then.
     * A third of the least lease.
     */
    private static final long LOOK_AHEAD = 333 * Nanos.MILLI;

    private static final long SHORTEST_PAUSE = 5 * Nanos.MILLI;

    private static final long LONGEST_PAUSE = 100 * Nanos.MILLI;

    /** A sweep of many tenures is followed by this many times its own time, up to the longest pause. */
    private static final long PAUSES = 20;

    private final EngineContext engine;

    private final ConcurrentMap<String, Tenure> tenures;

    private final long lookAhead;

    private final AtomicBoolean running = new AtomicBoolean();

    private final ReentrantLock guard = new ReentrantLock();

    private volatile @Nullable Plan plan;

    /** How long to leave the tenures alone after a sweep, unless they are to be looked at at once. Written inside the guard. */
    private volatile long pause = SHORTEST_PAUSE;

    private volatile long lastSweep;

    /** Suspensions that the last sweep knew of, if it got to its end. */
    private long lastEpoch;

    LeaseTimer(EngineContext engine, ConcurrentMap<String, Tenure> tenures) {
        this.engine = engine;
        this.tenures = tenures;
        this.lookAhead = Math.min(LOOK_AHEAD, engine.commandTimeout());
        this.lastSweep = engine.clock().nanoTime() - this.pause;
    }

    /** Called whenever there is a new tenure. */
    void run() {
        if (!this.running.get() && this.running.compareAndSet(false, true)) {
            this.engine.suspensions().restart();
            runWithin(this.lookAhead);
        }
    }

    /** Has the tenures looked at after a time, or when the pause after the last look is over; without delay, at once. */
    void runWithin(long delayNanos) {
        long now = this.engine.clock().nanoTime();
        long at = delayNanos > 0 ? notTooSoon(now + delayNanos) : now;
        if (isPlannedBefore(at)) {
            return;
        }
        this.guard.lock();
        try {
            if (!isPlannedBefore(at)) {
                plan(at, now);
            }
        } finally {
            this.guard.unlock();
        }
    }

    private boolean isPlannedBefore(long at) {
        Plan present = this.plan;
        return present != null && present.at - at <= 0;
    }

    private long notTooSoon(long at) {
        long soonest = this.lastSweep + this.pause;
        return Math.max(at - soonest, 0) + soonest;
    }

    /** Called inside the guard. */
    private void plan(long at, long now) {
        Plan before = this.plan;
        if (before != null && before.timer != null) {
            before.timer.cancel();
        }
        Plan next = new Plan(at);
        next.timer = this.engine.clock().schedule(at - now, () -> sweepAsPlanned(next));
        this.plan = next;
    }

    private void sweepAsPlanned(Plan due) {
        this.guard.lock();
        try {
            if (this.plan != due) {
                return;
            }
            this.plan = null;
        } finally {
            this.guard.unlock();
        }
        long sleep = this.lookAhead;
        long started = this.engine.clock().nanoTime();
        try {
            sleep = sweep();
        } finally {
            planNext(started, sleep);
        }
    }

    /** What was planned while the sweep ran, knowing nothing of how long it would take, keeps the pause, too. */
    private void planNext(long started, long sleep) {
        boolean goesOn = !this.tenures.isEmpty();
        if (!goesOn) {
            this.running.set(false);
            goesOn = !this.tenures.isEmpty();
            if (goesOn) {
                run();
            }
        }
        this.guard.lock();
        try {
            long now = this.engine.clock().nanoTime();
            this.lastSweep = now;
            this.pause = Math.max(SHORTEST_PAUSE, Math.min(PAUSES * (now - started), LONGEST_PAUSE));
            Plan meanwhile = this.plan;
            if (meanwhile != null && meanwhile.at - notTooSoon(meanwhile.at) < 0) {
                plan(notTooSoon(meanwhile.at), now);
            }
            long next = notTooSoon(started + sleep);
            if (goesOn && !isPlannedBefore(next)) {
                plan(next, now);
            }
        } finally {
            this.guard.unlock();
        }
    }

    /** Renewals go out first, polls after them. Returns how long nothing is due. */
    private long sweep() {
        this.engine.suspensions().follow();
        long epoch = this.engine.suspensions().known();
        boolean all = epoch != this.lastEpoch;
        Due due = new Due();
        long sleep = this.lookAhead;
        long now = this.engine.clock().nanoTime();
        try {
            for (Tenure tenure : this.tenures.values()) {
                long idle = tenure.lookAt() - now;
                if (all || idle <= LeaseKeeper.BATCH) {
                    idle = tenure.check(due, this.lookAhead);
                }
                sleep = Math.min(sleep, idle);
            }
            this.lastEpoch = epoch;
        } finally {
            if (!due.renewals.isEmpty()) {
                renew(due.renewals);
            }
        }
        due.polls.forEach(Tenure::poll);
        return sleep;
    }

    private void renew(List<DueRenewal> due) {
        List<Renewal> renewals = due.stream().map(DueRenewal::renewal).toList();
        List<CompletionStage<RenewOutcome>> stages;
        try {
            stages = this.engine.store().renew(renewals);
        } catch (RuntimeException ex) {
            stages = Collections.nCopies(renewals.size(), CompletableFuture.failedFuture(ex));
        }
        for (int i = 0; i < renewals.size(); i++) {
            DueRenewal renewal = due.get(i);
            stages.get(i)
                    .whenComplete((outcome, failure) -> renewal.tenure()
                            .renewal()
                            .answered(renewal.setting(), outcome != null ? outcome : RenewOutcome.failed(failure)));
        }
    }

    /** A renewal that goes out with the next batch. */
    record DueRenewal(Tenure tenure, Renewal renewal, Lease.Setting setting) {}

    /** What a sweep has found. */
    static final class Due {

        private final List<DueRenewal> renewals = new ArrayList<>();

        private final List<Tenure> polls = new ArrayList<>();

        void renewal(DueRenewal renewal) {
            this.renewals.add(renewal);
        }

        void poll(Tenure tenure) {
            this.polls.add(tenure);
        }
    }

    /** The next sweep. One that was replaced while it was about to begin leaves it to the one that replaced it. */
    private static final class Plan {

        private final long at;

        private EngineClock.@Nullable Timer timer;

        Plan(long at) {
            this.at = at;
        }
    }
}
