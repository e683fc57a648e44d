package io.github.lockspring.autoconfigure;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.Logged;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs listeners one after the other on a daemon thread, which exists while there is something to tell. */
final class EventQueue {

    static final int CAPACITY = 10_000;

    private static final long PATIENCE_AT_THE_END_SECONDS = 1;

    private static final Logger log = LoggerFactory.getLogger(EventQueue.class);

    private final ThreadPoolExecutor thread = DaemonThreads.pool("events", 1, CAPACITY);

    private final AtomicLong dropped = new AtomicLong();

    private final AtomicBoolean warned = new AtomicBoolean();

    /** Never blocks: what there is no room for is dropped. */
    void add(Runnable event) {
        try {
            this.thread.execute(event);
        } catch (RejectedExecutionException ex) {
            this.dropped.incrementAndGet();
            if (!this.thread.isShutdown() && this.warned.compareAndSet(false, true)) {
                log.warn(
                        "Events of locks are dropped: {} wait for listeners that are too slow. Have listeners pass on"
                                + " what takes long to threads of their own. How many were dropped is logged at the end",
                        CAPACITY);
            }
        }
    }

    /** How many events there was no room for. */
    long dropped() {
        return this.dropped.get();
    }

    /** One listener, whose failure keeps nothing from the others. */
    static void run(Object listener, Runnable call) {
        Logged.run("A listener to locks failed: " + listener, call);
    }

    /** Waits a moment for what was told last. */
    void close() {
        this.thread.shutdown();
        try {
            if (!this.thread.awaitTermination(PATIENCE_AT_THE_END_SECONDS, TimeUnit.SECONDS)) {
                this.dropped.addAndGet(this.thread.shutdownNow().size());
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        if (this.warned.get()) {
            log.warn("{} events of locks were dropped, because their listeners were too slow", this.dropped);
        }
    }
}
