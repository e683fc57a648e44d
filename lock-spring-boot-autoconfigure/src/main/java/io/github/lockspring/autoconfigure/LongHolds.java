package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.Logged;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Warns once of each hold that lasts longer than expected, with the stack of its acquisition, as HikariCP's detection
 * of leaks does. The stack is captured when the call begins, on the thread of its caller. One timer looks at all holds:
 * a hold costs an entry in a table, and no task.
 */
final class LongHolds implements LockMonitor, DisposableBean {

    /** A warning is late by this part of the shortest time at most, but not more often looked for than every 10 ms. */
    private static final int LOOKS = 10;

    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger log = LoggerFactory.getLogger(LongHolds.class);

    private final @Nullable Duration warnAfter;

    private final Map<String, Duration> byName;

    private final LongSupplier nanoClock;

    private final Set<WatchedHold> holds = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("warnings"));

    /**
     * Creates a watch that begins at once.
     *
     * @param warnAfter for locks without a time of their own, {@code null} for none
     * @param byName times of single names
     */
    LongHolds(@Nullable Duration warnAfter, Map<String, Duration> byName, LongSupplier nanoClock) {
        this.warnAfter = warnAfter;
        this.byName = Map.copyOf(byName);
        this.nanoClock = nanoClock;
        long pause = pause();
        ScheduledFuture<?> unused =
                this.timer.scheduleWithFixedDelay(this::lookAgain, pause, pause, TimeUnit.NANOSECONDS);
    }

    private long pause() {
        long shortest = this.byName.values().stream()
                .mapToLong(TimeUnit.NANOSECONDS::convert)
                .min()
                .orElse(Long.MAX_VALUE);
        long every =
                Math.min(shortest, this.warnAfter != null ? TimeUnit.NANOSECONDS.convert(this.warnAfter) : shortest)
                        / LOOKS;
        return Math.max(SHORTEST_PAUSE_NANOS, Math.min(every, LONGEST_PAUSE_NANOS));
    }

    @Override
    public @Nullable Call begin(LockRequest request) {
        Duration limit = this.byName.getOrDefault(request.name().name(), this.warnAfter);
        return limit != null ? new WatchedHold(request.name(), limit) : null;
    }

    /** A failure, even one of the log, would end the timer. */
    private void lookAgain() {
        try {
            Logged.run("Looking for long holds failed", this::look);
        } catch (RuntimeException | Error ex) {
            // it cannot be logged; the next look may do better
        }
    }

    /** Logs what is due. */
    void look() {
        long now = this.nanoClock.getAsLong();
        this.holds.removeIf(hold -> hold.isWarnedOf(now));
    }

    /** How many holds may still be warned of. */
    int watched() {
        return this.holds.size();
    }

    @Override
    public void destroy() {
        this.timer.shutdownNow();
    }

    private final class WatchedHold implements Call {

        private final LockName name;

        private final Duration limit;

        private final String caller = Thread.currentThread().getName();

        private final Throwable origin = new AcquisitionStack();

        private long since;

        private long fencingToken;

        /** Whether it has ended, possibly before its caller was told of its beginning. */
        private volatile boolean ended;

        WatchedHold(LockName name, Duration limit) {
            this.name = name;
            this.limit = limit;
        }

        @Override
        public void acquired(long token, boolean handedOff) {
            this.since = LongHolds.this.nanoClock.getAsLong();
            this.fencingToken = token;
            LongHolds.this.holds.add(this);
            if (this.ended) {
                LongHolds.this.holds.remove(this);
            }
        }

        @Override
        public void released() {
            this.ended = true;
            LongHolds.this.holds.remove(this);
        }

        /** Its lease is lost, which is a warning of its own. */
        @Override
        public void lost(LeaseLostException loss) {
            released();
        }

        @Override
        public Throwable origin() {
            return this.origin;
        }

        /** Whether it has lasted too long, which is logged. */
        private boolean isWarnedOf(long now) {
            boolean due = now - this.since >= TimeUnit.NANOSECONDS.convert(this.limit);
            if (due) {
                Logged.run("A warning of a long hold failed", () -> warn(now));
            }
            return due;
        }

        private void warn(long now) {
            log.warn(
                    "Lock '{}' has been held for {} ms, longer than its warn-after of {} ms (thread '{}', fencing token"
                            + " {}). It was acquired here:",
                    this.name,
                    TimeUnit.NANOSECONDS.toMillis(now - this.since),
                    this.limit.toMillis(),
                    this.caller,
                    this.fencingToken,
                    this.origin);
        }
    }

    /** Its stack trace is that of the caller. */
    private static final class AcquisitionStack extends Exception {

        private static final long serialVersionUID = 1L;

        AcquisitionStack() {
            super("the lock was acquired here");
        }
    }
}
