package io.github.lockspring.engine;

import io.github.lockspring.RenewOutcome;
import io.github.lockspring.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of all tenures: looks through them, sends the renewals that are due in one batch, and notices leases
 * that have run out and commands that were not answered. Stands still while there is no tenure.
 */
final class LeaseTimer {

    /** No lease is shorter than a second, so none is due for renewal earlier than this after it began. */
    private static final long LOOK_AHEAD = 333 * Nanos.MILLI;

    private static final long AT_LEAST = 5 * Nanos.MILLI;

    private final EngineContext engine;

    private final AtomicBoolean running = new AtomicBoolean();

    private final long lookAhead;

    LeaseTimer(EngineContext engine) {
        this.engine = engine;
        this.lookAhead = Math.min(LOOK_AHEAD, engine.commandTimeout());
    }

    /** Called whenever there is a new tenure. */
    void run() {
        if (!this.running.get() && this.running.compareAndSet(false, true)) {
            this.engine.suspensions().restart();
            this.engine.clock().schedule(this.lookAhead, this::sweepAgain);
        }
    }

    /** Has the tenures looked at sooner than planned. */
    void runAfter(long delayNanos) {
        this.engine.clock().schedule(delayNanos, this::sweep);
    }

    private void sweepAgain() {
        long sleep = this.lookAhead;
        try {
            sleep = Math.max(sweep(), AT_LEAST);
        } finally {
            if (!this.engine.tenures().isEmpty()) {
                this.engine.clock().schedule(sleep, this::sweepAgain);
            } else {
                this.running.set(false);
                if (!this.engine.tenures().isEmpty()) {
                    run();
                }
            }
        }
    }

    /** Returns how long nothing is due. */
    private long sweep() {
        this.engine.suspensions().follow();
        List<DueRenewal> due = new ArrayList<>();
        long sleep = this.lookAhead;
        for (Tenure tenure : this.engine.tenures().values()) {
            sleep = Math.min(sleep, tenure.check(due));
        }
        if (!due.isEmpty()) {
            renew(due);
        }
        return sleep;
    }

    private void renew(List<DueRenewal> due) {
        List<Renewal> renewals = due.stream().map(DueRenewal::renewal).toList();
        StoreFailures.caught(() -> this.engine.store().renew(renewals)).whenComplete((outcomes, failure) -> {
            for (int i = 0; i < renewals.size(); i++) {
                DueRenewal renewal = due.get(i);
                renewal.tenure().renewed(renewal.setting(), outcome(outcomes, i, failure));
            }
        });
    }

    private static RenewOutcome outcome(@Nullable List<RenewOutcome> outcomes, int index, @Nullable Throwable failure) {
        if (failure != null || outcomes == null) {
            return new RenewOutcome.Failed(failure != null ? failure : new IllegalStateException("no answer"));
        }
        return outcomes.get(index);
    }

    /** A renewal that goes out with the next batch. */
    record DueRenewal(Tenure tenure, Renewal renewal, Lease.Setting setting) {}
}
