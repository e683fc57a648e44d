package io.github.lockspring.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Time that passes only by timers. They run when somebody says so, in any order, as they would in a process that was
 * stopped now and then, and it is no earlier then than they were due; whoever is parked is woken by somebody, unless it
 * was to look again soon.
 */
final class StillClock implements EngineClock {

    private final List<Runnable> timers = new ArrayList<>();

    private final AtomicLong now = new AtomicLong();

    @Override
    public long nanoTime() {
        return this.now.get();
    }

    @Override
    public long wallTimeMillis() {
        return this.now.get() / Nanos.MILLI;
    }

    @Override
    public synchronized Timer schedule(long delayNanos, Runnable task) {
        long due = this.now.get() + delayNanos;
        Runnable timer = () -> {
            this.now.accumulateAndGet(due, Math::max);
            task.run();
        };
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
