package io.github.lockspring.engine;

import java.time.Duration;

/** Durations as nanoseconds, and what a lease proves. */
final class Nanos {

    /** Longest span; differences of two points in time never overflow with it. */
    static final long FOREVER = Long.MAX_VALUE / 4;

    static final long MILLI = 1_000_000L;

    /** Taken off every lease, with {@code 1 %} of it: how much slower this machine's clock may run than the store's. */
    private static final long ALLOWANCE = 10 * MILLI;

    private Nanos() {}

    static long of(Duration duration) {
        try {
            return Math.min(duration.toNanos(), FOREVER);
        } catch (ArithmeticException ex) {
            return FOREVER;
        }
    }

    /**
     * Until when a lease is proven.
     *
     * @param start a point in time not later than the store's setting of the lease
     * @param lease the lease that was set
     * @return the end of the lease less the allowance for clocks
     */
    static long proven(long start, Duration lease) {
        long nanos = of(lease);
        return start + nanos - nanos / 100 - ALLOWANCE;
    }

    static Duration left(long deadline, long now) {
        return Duration.ofNanos(Math.max(0, deadline - now));
    }
}
