package io.github.lockspring;

import java.time.Duration;
import java.util.function.Function;

/**
 * The rules of wait times and lease times: their limits, and how a wait without end is written and told.
 *
 * @since 0.1
 */
public final class LockDurations {

    private static final String FOREVER = "forever";

    private LockDurations() {}

    /**
     * Reads a duration as annotation and properties write it.
     *
     * @param text a duration, or {@code forever} in any case; blanks around it do not count
     * @param durations reads everything but {@code forever}
     * @return the duration, {@link LockOptions#FOREVER} for {@code forever}
     * @throws IllegalArgumentException if the text is no duration
     */
    public static Duration parse(String text, Function<String, Duration> durations) {
        String stripped = text.strip();
        return stripped.equalsIgnoreCase(FOREVER) ? LockOptions.FOREVER : durations.apply(stripped);
    }

    /**
     * Checks that a wait time is not negative.
     *
     * @param waitTime the wait time
     * @return the wait time
     * @throws IllegalArgumentException if it is negative
     */
    public static Duration checkWaitTime(Duration waitTime) {
        if (waitTime.isNegative()) {
            throw new IllegalArgumentException("Wait time " + waitTime
                    + " is negative: use zero to try once, or LockOptions.FOREVER to wait without limit");
        }
        return waitTime;
    }

    /**
     * Checks that a lease time is from {@link LockOptions#MIN_LEASE_TIME} to {@link LockOptions#MAX_LEASE_TIME}.
     *
     * @param leaseTime the lease time
     * @return the lease time
     * @throws IllegalArgumentException if it is out of range
     */
    public static Duration checkLeaseTime(Duration leaseTime) {
        if (leaseTime.compareTo(LockOptions.MIN_LEASE_TIME) < 0) {
            throw new IllegalArgumentException("Lease time " + leaseTime + " is under " + LockOptions.MIN_LEASE_TIME
                    + ": a short pause would cost the lock; the lease only bounds how long a crashed holder keeps"
                    + " others out, so use a longer one");
        }
        if (leaseTime.compareTo(LockOptions.MAX_LEASE_TIME) > 0) {
            throw new IllegalArgumentException("Lease time " + leaseTime + " is over " + LockOptions.MAX_LEASE_TIME
                    + ": a crashed holder would keep others out that long; renewal keeps any lease alive");
        }
        return leaseTime;
    }

    /** Whether a span is as good as {@link LockOptions#FOREVER}; all others can be counted in nanoseconds. */
    static boolean isEndless(Duration duration) {
        return duration.toSeconds() >= LockOptions.FOREVER.toSeconds();
    }
}
