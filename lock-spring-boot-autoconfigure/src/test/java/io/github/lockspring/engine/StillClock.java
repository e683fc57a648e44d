package io.github.lockspring.engine;

import java.util.concurrent.locks.LockSupport;

/** Time that never passes: no timer runs, and whoever is parked is woken by somebody, or was to look again soon. */
final class StillClock implements EngineClock {

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public long wallTimeMillis() {
        return 0;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return () -> {};
    }

    @Override
    public void park(Object blocker, long nanos) {
        if (nanos > Waiter.LOOK_PAUSE) {
            LockSupport.park(blocker);
        }
    }

    @Override
    public void shutdown() {}
}
