package io.github.lockspring.engine;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.Logged;
import java.time.Clock;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The machine's monotonic clock, and one daemon thread for all timers, started when first needed. */
final class SystemClock implements EngineClock {

    private final ScheduledThreadPoolExecutor timers;

    private final Clock wallClock = Clock.systemUTC();

    SystemClock() {
        this.timers = new ScheduledThreadPoolExecutor(
                1, DaemonThreads.named("timer"), new ThreadPoolExecutor.DiscardPolicy());
        this.timers.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long wallTimeMillis() {
        return this.wallClock.millis();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Future<?> scheduled = this.timers.schedule(
                () -> Logged.run("A timer task failed; its lock is checked again by the next timer task", task),
                delayNanos,
                TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void park(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }

    @Override
    public void shutdown() {
        this.timers.shutdownNow();
    }
}
