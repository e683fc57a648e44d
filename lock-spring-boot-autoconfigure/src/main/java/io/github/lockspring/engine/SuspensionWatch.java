package io.github.lockspring.engine;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Notices that the machine was suspended: its monotonic clock stood still then, its wall clock is ahead of it
 * afterwards. How long the store's clock ran meanwhile is not known, so that no lease from before is proven. A wall
 * clock that is put back means nothing.
 */
final class SuspensionWatch {

    /** More than a wall clock is ever corrected by at once while it is being disciplined. */
    private static final long JUMP = 150 * Nanos.MILLI;

    /** A look that took longer says nothing: the thread was stopped between the two clocks. */
    private static final long STEADY = 5 * Nanos.MILLI;

    private final EngineClock clock;

    private final Runnable onJump;

    private final ReentrantLock guard = new ReentrantLock();

    private volatile State state;

    SuspensionWatch(EngineClock clock, Runnable onJump) {
        this.clock = clock;
        this.onJump = onJump;
        this.state = new State(clock.wallTimeMillis() * Nanos.MILLI - clock.nanoTime(), 0);
    }

    /** Suspensions so far, without another look. */
    long known() {
        return this.state.epoch;
    }

    /** Suspensions until now, which the caller has just read from the clock. */
    long seen(long now) {
        State before = this.state;
        if (offset(now) - before.offset > JUMP) {
            look(false);
        }
        return known();
    }

    /** Looks, and follows the wall clock's drift. Called from time to time while there are tenures. */
    void follow() {
        look(true);
    }

    /** Forgets how the clocks stood: nobody holds a lease, and nobody has looked for a while. */
    void restart() {
        State before = this.state;
        replace(before, new State(offset(this.clock.nanoTime()), before.epoch));
    }

    private void look(boolean follow) {
        State before = this.state;
        long started = this.clock.nanoTime();
        long offset = offset(started);
        if (this.clock.nanoTime() - started > STEADY) {
            return;
        }
        if (offset - before.offset > JUMP) {
            if (replace(before, new State(offset, before.epoch + 1))) {
                this.onJump.run();
            }
        } else if (follow) {
            replace(before, new State(offset, before.epoch));
        }
    }

    private boolean replace(State before, State after) {
        this.guard.lock();
        try {
            boolean current = this.state.equals(before);
            if (current) {
                this.state = after;
            }
            return current;
        } finally {
            this.guard.unlock();
        }
    }

    private long offset(long nanoTime) {
        return this.clock.wallTimeMillis() * Nanos.MILLI - nanoTime;
    }

    /** How far the wall clock is ahead of the monotonic one, and how often that has jumped. */
    private record State(long offset, long epoch) {}
}
