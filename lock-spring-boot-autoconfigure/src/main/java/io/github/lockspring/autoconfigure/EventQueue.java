package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEvent;
import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockLostEvent;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.WarningLimit;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of one event after the other on a daemon thread, which exists while there is something to tell. Has
 * room that only losses and forced releases may use, so that they are not dropped behind many others.
 */
final class EventQueue {

    static final int CAPACITY = 10_000;

    /** Further room for what is told in any case. */
    static final int RESERVE = 1_000;

    /** An event that listeners have not returned from for so long is warned of. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long PATIENCE_AT_THE_END_SECONDS = 1;

    private static final Logger log = LoggerFactory.getLogger(EventQueue.class);

    private final Consumer<LockEvent> listeners;

    private final LongSupplier nanoClock;

    private final ThreadPoolExecutor thread;

    private final AtomicLong dropped = new AtomicLong();

    private final WarningLimit drops;

    private final WarningLimit delays;

    private volatile @Nullable Telling telling;

    EventQueue(Consumer<LockEvent> listeners, LongSupplier nanoClock) {
        this(listeners, nanoClock, DaemonThreads.pool("events", 1, CAPACITY + RESERVE));
    }

    EventQueue(Consumer<LockEvent> listeners, LongSupplier nanoClock, ThreadPoolExecutor thread) {
        this.listeners = listeners;
        this.nanoClock = nanoClock;
        this.thread = thread;
        this.drops = new WarningLimit(nanoClock);
        this.delays = new WarningLimit(nanoClock);
    }

    /** Never blocks, and does not fail: what there is no room or no thread for is dropped. */
    void add(LockEvent event) {
        warnOfDelay();
        if (waiting() >= CAPACITY && !(event instanceof LockLostEvent || event instanceof LockForcedEvent)) {
            drop(null);
            return;
        }
        try {
            this.thread.execute(() -> tell(event));
        } catch (RejectedExecutionException ex) {
            drop(null);
        } catch (RuntimeException | Error ex) {
            drop(ex);
        }
    }

    private int waiting() {
        return this.thread.getQueue().size();
    }

    /** The next event tries again to start a thread. */
    private void drop(@Nullable Throwable failure) {
        this.dropped.incrementAndGet();
        this.drops.warn(leftOut -> log.warn(
                "Events of locks are dropped ({} since that was last said): {}", leftOut + 1, why(failure), failure));
    }

    private String why(@Nullable Throwable failure) {
        if (failure != null) {
            return "no thread can be started for their listeners";
        }
        return this.thread.isShutdown()
                ? "the application has ended"
                : waiting() + " wait for listeners that are too slow. Have listeners pass on what takes long to threads"
                        + " of their own";
    }

    /** Told by those that add events: whether the thread returns from a listener at all, is not known to itself. */
    private void warnOfDelay() {
        Telling present = this.telling;
        long since = present != null ? this.nanoClock.getAsLong() - present.since() : 0;
        if (present != null && since >= PATIENCE_NANOS) {
            this.delays.warn(leftOut -> log.warn(
                    "Listeners to locks have not returned from {} for {} ms: {} events wait, losses included. Have"
                            + " listeners pass on what takes long to threads of their own. The thread is here:",
                    present.event(),
                    TimeUnit.NANOSECONDS.toMillis(since),
                    waiting(),
                    new ListenerStack(present.thread())));
        }
    }

    private void tell(LockEvent event) {
        this.telling = new Telling(event, Thread.currentThread(), this.nanoClock.getAsLong());
        try {
            this.listeners.accept(event);
        } finally {
            this.telling = null;
        }
    }

    /** How many events there was no room for. */
    long dropped() {
        return this.dropped.get();
    }

    /** Waits a moment for what was told last. */
    void close() {
        this.thread.shutdown();
        boolean done = false;
        try {
            done = this.thread.awaitTermination(PATIENCE_AT_THE_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        int atTheEnd = done ? 0 : this.thread.shutdownNow().size();
        long all = this.dropped.addAndGet(atTheEnd);
        if (all > 0) {
            log.warn(
                    "{} events of locks were dropped, {} of them because listeners were too slow when the application"
                            + " ended",
                    all,
                    atTheEnd);
        }
    }

    /** The event that listeners are being told of. */
    private record Telling(LockEvent event, Thread thread, long since) {}

    /** Its stack trace is that of the thread which tells listeners. */
    private static final class ListenerStack extends Exception {

        private static final long serialVersionUID = 1L;

        ListenerStack(Thread thread) {
            super(thread.getName(), null, false, true);
            setStackTrace(thread.getStackTrace());
        }
    }
}
