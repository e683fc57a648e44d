package io.github.lockspring;

import java.time.Duration;
import java.util.function.Function;

/**
 * The rules of wait times and lease times: their limits, and how an unlimited wait is written and displayed.
 *
 * @since 0.1
 */
public final class LockDurations {

    /**
     * Stands for an unlimited wait time where a duration is required: the longest span that can be counted in
     * nanoseconds, 292 years. {@link LockOptions#waitForever()} and the text {@code forever} set it.
     */
    public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private static final String FOREVER_TEXT = "forever";

    private LockDurations() {}

    /**
     * Parses a duration as written in the annotation and in properties.
     *
     * @param text a duration, or {@code forever} in any case; surrounding blanks are ignored
     * @param durations reads everything but {@code forever}
     * @return the duration, {@link #FOREVER} for {@code forever}
     * @throws IllegalArgumentException if the text is not a duration
     */
    public static Duration parse(String text, Function<String, Duration> durations) {
        String stripped = text.strip();
        return stripped.equalsIgnoreCase(FOREVER_TEXT) ? FOREVER : durations.apply(stripped);
    }

    /**
     * Checks that a wait time is not negative.
     *
     * @param waitTime the wait time
     * @return the wait time
     * @throws IllegalArgumentException if it is null or negative
     */
    public static Duration checkWaitTime(Duration waitTime) {
        if (waitTime == null) {
            throw new IllegalArgumentException("The wait time is null: omit it to use the configured one, or set"
                    + " one; zero tries once, waitForever() waits without limit");
        }
        if (waitTime.isNegative()) {
            throw new IllegalArgumentException("Wait time " + waitTime
                    + " is negative: use zero to try once; waitForever() in code, \"forever\" in annotations and"
                    + " properties, waits without limit");
        }
        return waitTime;
    }

    /**
     * Checks that a lease time is from {@link LockOptions#MIN_LEASE_TIME} to {@link LockOptions#MAX_LEASE_TIME}.
     *
     * @param leaseTime the lease time
     * @return the lease time
     * @throws IllegalArgumentException if it is null or out of range
     */
    public static Duration checkLeaseTime(Duration leaseTime) {
        if (leaseTime == null) {
            throw new IllegalArgumentException(
                    "The lease time is null: omit it to use the configured one, or set one, for example 30 seconds");
        }
        if (leaseTime.compareTo(LockOptions.MIN_LEASE_TIME) < 0) {
            throw new IllegalArgumentException("Lease time " + leaseTime + " is less than " + LockOptions.MIN_LEASE_TIME
                    + ": a short pause would lose the lock. The lease time only limits how long a crashed holder"
                    + " keeps others out, so use a longer one");
        }
        if (leaseTime.compareTo(LockOptions.MAX_LEASE_TIME) > 0) {
            throw new IllegalArgumentException("Lease time " + leaseTime + " is over " + LockOptions.MAX_LEASE_TIME
                    + ": a crashed holder would keep others out for that long; renewal keeps any lease alive");
        }
        return leaseTime;
    }

    /**
     * Checks that a time to hold at least is not negative, and at most {@link LockOptions#MAX_LEASE_TIME}.
     *
     * @param holdAtLeast the time
     * @return the time
     * @throws IllegalArgumentException if it is null or out of range
     */
    public static Duration checkHoldAtLeast(Duration holdAtLeast) {
        if (holdAtLeast == null) {
            throw new IllegalArgumentException("The time to hold at least is null: omit it, or set one");
        }
        if (holdAtLeast.isNegative()) {
            throw new IllegalArgumentException("The time to hold at least, " + holdAtLeast
                    + ", is negative: omit it to release the lock when the work is done");
        }
        if (holdAtLeast.compareTo(LockOptions.MAX_LEASE_TIME) > 0) {
            throw new IllegalArgumentException("The time to hold at least, " + holdAtLeast + ", is over "
                    + LockOptions.MAX_LEASE_TIME + ": no other caller could have the lock for that long");
        }
        return holdAtLeast;
    }

    /**
     * Checks that a maximum hold time is at least {@link LockOptions#MIN_LEASE_TIME}.
     *
     * @param maxHoldTime the time, {@link #FOREVER} for no limit
     * @return the time
     * @throws IllegalArgumentException if it is null or too short
     */
    public static Duration checkMaxHoldTime(Duration maxHoldTime) {
        if (maxHoldTime == null) {
            throw new IllegalArgumentException("The maximum hold time is null: omit it for no limit, or set one");
        }
        if (maxHoldTime.compareTo(LockOptions.MIN_LEASE_TIME) < 0) {
            throw new IllegalArgumentException("Maximum hold time " + maxHoldTime + " is less than "
                    + LockOptions.MIN_LEASE_TIME + ", the shortest lease time: a lock is held for a lease at least");
        }
        return maxHoldTime;
    }

    /**
     * Returns how a wait time, or a maximum hold time, is displayed.
     *
     * @param time the time
     * @return the text, for {@link #FOREVER} the one that properties and annotations have for it
     */
    public static String textOf(Duration time) {
        return isEndless(time) ? FOREVER_TEXT : time.toString();
    }

    /** Whether a span counts as {@link #FOREVER}; all others can be counted in nanoseconds. */
    static boolean isEndless(Duration duration) {
        return duration.toSeconds() >= FOREVER.toSeconds();
    }
}
