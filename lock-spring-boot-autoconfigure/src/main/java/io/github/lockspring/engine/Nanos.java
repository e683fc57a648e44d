package io.github.lockspring.engine;

import java.time.Duration;

/** Durations in nanoseconds, and for how long a lease is proven. */
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

    /**
     * The same by the wall clock, in milliseconds, with half of the allowance: a clock that is merely being adjusted
     * never ends a lease before the monotonic one does.
     */
    static long provenByWallClock(long startMillis, Duration lease) {
        long nanos = of(lease);
        return startMillis + (nanos - nanos / 200 - ALLOWANCE / 2) / MILLI;
    }

    /** The time that has passed since then, never negative. */
    static Duration elapsed(long since, long now) {
        return Duration.ofNanos(Math.max(0, now - since));
    }
}
