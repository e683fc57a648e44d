package io.github.lockspring.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Time that never passes. Timers run when somebody says so, in any order, as they would in a process that was stopped
 * now and then; whoever is parked is woken by somebody, unless it was to look again soon.
 */
final class StillClock implements EngineClock {

    private final List<Runnable> timers = new ArrayList<>();

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public long wallTimeMillis() {
        return 0;
    }

    @Override
    public synchronized Timer schedule(long delayNanos, Runnable task) {
        Runnable timer = task::run;
        this.timers.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Runnable timer) {
        this.timers.remove(timer);
    }

    /** Runs one timer, counted around. */
    void runTimer(int which) {
        Runnable timer;
        synchronized (this) {
            if (this.timers.isEmpty()) {
                return;
            }
            timer = this.timers.remove(which % this.timers.size());
        }
        timer.run();
    }

    /** Runs the timers that there are. */
    void runTimers() {
        List<Runnable> present;
        synchronized (this) {
            present = List.copyOf(this.timers);
            this.timers.clear();
        }
        present.forEach(Runnable::run);
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
