package io.github.lockspring.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of an engine: triggers everything that is due, and plans the next time. Does not run while there is
 * nothing to do. Thread-safe.
 */
final class EngineTimer {

    /** The longest time between two checks: a clock that has stepped, or a holder that has died, is noticed then. */
    static final long LONGEST_IDLE = 1_000 * Nanos.MILLI;

    private static final long SHORTEST_PAUSE = 5 * Nanos.MILLI;

    /** A check that has failed is repeated after this time. */
    static final long LONGEST_PAUSE = 100 * Nanos.MILLI;

    /** A sweep that takes long is followed by this many times its own time, up to the longest pause. */
    private static final long PAUSES = 20;

    /** Does what is due. */
    interface Sweep {

        /** Returns for how long nothing else will be due. */
        long run(long now);

        /** Whether there is anything to do. */
        boolean isNeeded();
    }

    private final EngineContext engine;

    /** What sweeps next. */
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();

    private volatile @Nullable Sweep sweep;

    private volatile long notBefore;

    EngineTimer(EngineContext engine) {
        this.engine = engine;
        this.notBefore = engine.clock.nanoTime();
    }

    /** Sets what the timer runs. Called once, before anything is planned. */
    void has(Sweep sweep) {
        this.sweep = sweep;
    }

    /** There is something to look after. */
    void run(long now) {
        within(LONGEST_IDLE, now);
    }

    /**
     * Sweeps after a time, or when the pause after the last sweep is over; without delay, immediately. Never later than
     * the longest idle time, so that every planned sweep also covers tenures that begin in the meantime.
     */
    void within(long delay) {
        within(delay, this.engine.clock.nanoTime());
    }

    /** The same for a caller that knows the current or a very recent time. */
    void within(long delay, long now) {
        long at = delay > 0 ? Math.max(Math.min(delay, LONGEST_IDLE), this.notBefore - now) + now : now;
        for (Plan before = this.plan.get(); before == null || !before.isFor(at); before = this.plan.get()) {
            Plan next = new Plan(at);
            if (this.plan.compareAndSet(before, next)) {
                try {
                    EngineClock.Timer unused =
                            this.engine.clock.schedule(at - this.engine.clock.nanoTime(), () -> sweep(next));
                    return;
                } catch (RuntimeException | Error ex) {
                    // the one that this one has replaced comes instead
                    this.plan.compareAndSet(next, null);
                    throw ex;
                }
            }
        }
    }

    /** A sweep that was replaced does nothing, if there is another one. */
    private void sweep(Plan own) {
        if (!this.plan.compareAndSet(own, null) && this.plan.get() != null) {
            return;
        }
        long started = own.at;
        long idle = LONGEST_IDLE;
        try {
            started = this.engine.clock.nanoTime();
            Sweep due = this.sweep;
            idle = due != null ? due.run(started) : LONGEST_IDLE;
        } finally {
            planNext(started, idle);
        }
    }

    /** Repeats until it succeeds: without a planned sweep, leases are no longer renewed. */
    private void planNext(long started, long idle) {
        while (isNeeded()) {
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

    private boolean isNeeded() {
        Sweep wanted = this.sweep;
        return !this.engine.closed && wanted != null && wanted.isNeeded();
    }

    /** A sweep to come. */
    private record Plan(long at) {

        /** Whether it comes by then, and is not overdue by so much that it was lost. */
        boolean isFor(long time) {
            return time - this.at >= 0 && time - this.at <= 2 * LONGEST_IDLE;
        }
    }
}
