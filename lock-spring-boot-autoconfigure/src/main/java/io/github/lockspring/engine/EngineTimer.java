package io.github.lockspring.engine;

import io.github.lockspring.store.Logged;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
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

    /** What sweeps next. */
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();

    private volatile long notBefore;

    EngineTimer(EngineContext engine) {
        this.engine = engine;
        this.notBefore = engine.clock.nanoTime();
    }

    /** There is something to look after. */
    void run() {
        within(LONGEST_IDLE);
    }

    /**
     * Sweeps after a time, or when the pause after the last sweep is over; without delay, at once. Never later than the
     * longest idle time, so that whatever is planned looks after a tenure that comes meanwhile, too.
     */
    void within(long delay) {
        long now = this.engine.clock.nanoTime();
        long at = delay > 0 ? Math.max(Math.min(delay, LONGEST_IDLE), this.notBefore - now) + now : now;
        for (Plan before = this.plan.get(); before == null || !before.isFor(at); before = this.plan.get()) {
            Plan next = new Plan(at);
            if (this.plan.compareAndSet(before, next)) {
                try {
                    EngineClock.Timer unused = this.engine.clock.schedule(at - now, () -> sweep(next));
                    return;
                } catch (RuntimeException | Error ex) {
                    // the one that this one has replaced comes instead
                    this.plan.compareAndSet(next, null);
                    throw ex;
                }
            }
        }
    }

    /** One that was replaced does nothing, if there is another one. */
    private void sweep(Plan due) {
        if (!this.plan.compareAndSet(due, null) && this.plan.get() != null) {
            return;
        }
        long started = due.at;
        long idle = LONGEST_IDLE;
        try {
            started = this.engine.clock.nanoTime();
            idle = Math.min(sweepTenures(started), this.engine.leaves.send(started));
        } finally {
            planNext(started, idle);
        }
    }

    /** However often it takes: without a plan, nothing is renewed any more. */
    private void planNext(long started, long idle) {
        while (!this.engine.closed && (!this.engine.tenures.isEmpty() || !this.engine.leaves.isEmpty())) {
            try {
                long now = this.engine.clock.nanoTime();
                this.notBefore = now + Math.max(SHORTEST_PAUSE, Math.min(PAUSES * (now - started), LONGEST_PAUSE));
                within(Math.max(started + idle - now, 1));
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

    /** A sweep to come. */
    private record Plan(long at) {

        /** Whether it comes by then, and is not overdue by so much that it was lost. */
        boolean isFor(long time) {
            return time - this.at >= 0 && time - this.at <= 2 * LONGEST_IDLE;
        }
    }
}
