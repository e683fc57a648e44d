package io.github.lockspring.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Limits a warning that may be due very often to one a minute. Thread-safe.
 *
 * @since 0.1
 */
public final class WarningLimit {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoClock;

    /** When the next one may be logged. */
    private final AtomicLong next;

    private final AtomicLong leftOut = new AtomicLong();

    /**
     * Creates a limit for one warning.
     *
     * @param nanoClock the time, in nanoseconds
     */
    public WarningLimit(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.next = new AtomicLong(nanoClock.getAsLong());
    }

    /**
     * Logs a warning that is due, unless the last one was logged less than a minute ago.
     *
     * @param log logs it; gets the number of those that were left out since the last one
     */
    public void warn(LongConsumer log) {
        long now = this.nanoClock.getAsLong();
        long due = this.next.get();
        if (now - due >= 0 && this.next.compareAndSet(due, now + MINUTE_NANOS)) {
            log.accept(this.leftOut.getAndSet(0));
        } else {
            this.leftOut.incrementAndGet();
        }
    }
}
