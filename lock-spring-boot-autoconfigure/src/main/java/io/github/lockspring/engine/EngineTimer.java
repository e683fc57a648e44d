package io.github.lockspring.engine;

import io.github.lockspring.store.Logged;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one timer of an engine. A sweep looks at every tenure for which something is due, sends renewals in one batch, then
 * polls, then what is to leave the store, and plans the next sweep. Stands still while there is neither a tenure nor an
 * owner that is leaving.
 */
final class EngineTimer {

    /** No tenure is left alone for longer: a clock that has stepped, or a holder that has died, is noticed then. */
    static final long LONGEST_IDLE = 1_000 * Nanos.MILLI;

    private static final long SHORTEST_PAUSE = 5 * Nanos.MILLI;

    private static final long LONGEST_PAUSE = 100 * Nanos.MILLI;

    /** A sweep of many tenures is followed by this many times its own time, up to the longest pause. */
    private static final long PAUSES = 20;

    private static final Logger log = LoggerFactory.getLogger(EngineTimer.class);

    private final EngineContext engine;

    /** Guards the plan. */
    final QueueGuard guard;

    /** What sweeps next; one that was replaced too late to be cancelled does no harm. */
    private volatile @Nullable Plan plan;

    private volatile long notBefore;

    EngineTimer(EngineContext engine) {
        this.engine = engine;
        this.guard = new QueueGuard(engine);
        this.notBefore = engine.clock.nanoTime();
    }

    /** There is something to look after. */
    void run() {
        if (this.plan == null) {
            within(LONGEST_IDLE);
        }
    }

    /**
     * Sweeps after a time, or when the pause after the last sweep is over; without delay, at once. Never later than the
     * longest idle time, so that whatever is planned looks after a tenure that comes meanwhile, too.
     */
    void within(long delay) {
        long now = this.engine.clock.nanoTime();
        long at = delay > 0 ? Math.max(Math.min(delay, LONGEST_IDLE), this.notBefore - now) + now : now;
        if (isPlannedBy(at)) {
            return;
        }
        this.guard.lock();
        try {
            Plan before = this.plan;
            if (!isPlannedBy(at)) {
                this.plan = new Plan(at, this.engine.clock.schedule(at - now, this::sweep));
                if (before != null) {
                    before.timer.cancel();
                }
            }
        } finally {
            this.guard.unlock();
        }
    }

    private boolean isPlannedBy(long at) {
        Plan present = this.plan;
        // nothing is planned for later than that: the sweep has failed before it could take its plan away
        return present != null && at - present.at >= 0 && at - present.at <= 2 * LONGEST_IDLE;
    }

    private void sweep() {
        long started = this.engine.clock.nanoTime();
        // inside the guard, so that a sweep that is due at once does not come before its plan
        this.guard.lock();
        if (isPlannedBy(started)) {
            this.plan = null;
        }
        this.guard.unlock();
        long idle = LONGEST_IDLE;
        try {
            idle = Math.min(sweepTenures(started), this.engine.leaves.send(started));
        } finally {
            long now = this.engine.clock.nanoTime();
            this.notBefore = now + Math.max(SHORTEST_PAUSE, Math.min(PAUSES * (now - started), LONGEST_PAUSE));
            planNext(started + idle);
        }
    }

    /** However often it takes: without a plan, nothing is renewed any more. */
    private void planNext(long at) {
        while (!this.engine.closed && (!this.engine.tenures.isEmpty() || !this.engine.leaves.isEmpty())) {
            try {
                within(Math.max(at - this.engine.clock.nanoTime(), 1));
                return;
            } catch (RuntimeException | Error ex) {
                this.engine.clock.park(this, LONGEST_PAUSE);
            }
        }
    }

    /** Returns how long nothing is due. */
    private long sweepTenures(long now) {
        Due due = new Due(new ArrayList<>(), new ArrayList<>());
        long idle = LONGEST_IDLE;
        try {
            for (Tenure tenure : this.engine.tenures.values()) {
                long nothing = tenure.lookAt - now;
                if (nothing <= Renewer.BATCH) {
                    nothing = check(tenure, due);
                }
                idle = Math.min(idle, nothing);
            }
        } finally {
            if (!due.renewals.isEmpty()) {
                renew(due.renewals);
            }
        }
        for (Tenure tenure : due.polls) {
            Logged.run("A request could not be repeated; it is tried again", tenure.acquisition::poll);
        }
        return idle;
    }

    /** What fails for one tenure, for want of a thread perhaps, must not cost others their leases. */
    private static long check(Tenure tenure, Due due) {
        try {
            return tenure.check(due);
        } catch (RuntimeException | Error ex) {
            log.error("A look at a lock failed; it is looked at again", ex);
            return LONGEST_PAUSE;
        }
    }

    void renew(List<DueRenewal> due) {
        List<Renewal> renewals = due.stream().map(DueRenewal::renewal).toList();
        List<CompletionStage<RenewOutcome>> stages;
        try {
            stages = this.engine.store.renew(renewals);
        } catch (RuntimeException | Error ex) {
            stages = Collections.nCopies(renewals.size(), CompletableFuture.failedFuture(ex));
        }
        for (int i = 0; i < stages.size(); i++) {
            DueRenewal sent = due.get(i);
            stages.get(i).whenComplete((outcome, failure) -> sent.renewer().answered(sent.setting(), outcome, failure));
        }
    }

    /** A renewal that goes out with the next batch. */
    record DueRenewal(Renewer renewer, Renewal renewal, LeaseValidity.Setting setting) {}

    /** What a sweep has found: the looks at the tenures fill it. */
    record Due(List<DueRenewal> renewals, List<Tenure> polls) {}

    private record Plan(long at, EngineClock.Timer timer) {}
}
