package io.github.lockspring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For how long a lock is waited for, and held. A time that is {@code null} is not set here. Immutable. Made of {@link
 * #NONE} and the methods that change one part, not by the canonical constructor: later versions may add components.
 *
 * @param waitTime longest time to wait for others, {@link LockDurations#FOREVER} for no limit
 * @param leaseTime time to live in the store, see {@link LockOptions#leaseTime(Duration)}
 * @param renew whether the lease is kept alive while it is held
 * @param holdAtLeast until when, counted from the acquisition, others are kept out, see {@link LockOptions#holdAtLeast}
 * @param maxHoldTime when a hold is lost, {@link LockDurations#FOREVER} for no limit, see {@link
 *     LockOptions#maxHoldTime}
 * @since 0.1
 */
public record LockTimes(
        @Nullable Duration waitTime,
        @Nullable Duration leaseTime,
        @Nullable Boolean renew,
        @Nullable Duration holdAtLeast,
        @Nullable Duration maxHoldTime) {

    /** Nothing is set. */
    public static final LockTimes NONE = new LockTimes(null, null, null, null, null);

    /**
     * Creates times.
     *
     * @param waitTime longest time to wait for others
     * @param leaseTime time to live in the store
     * @param renew whether the lease is kept alive
     * @param holdAtLeast until when others are kept out
     * @param maxHoldTime when a hold is lost
     * @throws IllegalArgumentException if a duration is out of range; the message names it
     */
    public LockTimes {
        if (waitTime != null) {
            LockDurations.checkWaitTime(waitTime);
        }
        if (leaseTime != null) {
            LockDurations.checkLeaseTime(leaseTime);
        }
        if (holdAtLeast != null) {
            LockDurations.checkHoldAtLeast(holdAtLeast);
        }
        if (maxHoldTime != null) {
            LockDurations.checkMaxHoldTime(maxHoldTime);
        }
    }

    /**
     * Sets the wait time.
     *
     * @param waitTime not negative
     * @return changed times
     * @throws IllegalArgumentException if it is null or negative
     */
    public LockTimes waitTime(Duration waitTime) {
        LockDurations.checkWaitTime(waitTime);
        return new LockTimes(waitTime, this.leaseTime, this.renew, this.holdAtLeast, this.maxHoldTime);
    }

    /**
     * Sets the lease time.
     *
     * @param leaseTime from {@link LockOptions#MIN_LEASE_TIME} to {@link LockOptions#MAX_LEASE_TIME}
     * @return changed times
     * @throws IllegalArgumentException if it is null or out of range
     */
    public LockTimes leaseTime(Duration leaseTime) {
        LockDurations.checkLeaseTime(leaseTime);
        return new LockTimes(this.waitTime, leaseTime, this.renew, this.holdAtLeast, this.maxHoldTime);
    }

    /**
     * Sets whether the lease is kept alive.
     *
     * @param renew whether to renew
     * @return changed times
     */
    public LockTimes renew(boolean renew) {
        return new LockTimes(this.waitTime, this.leaseTime, renew, this.holdAtLeast, this.maxHoldTime);
    }

    /**
     * Sets until when others are kept out.
     *
     * @param holdAtLeast not negative, at most {@link LockOptions#MAX_LEASE_TIME}
     * @return changed times
     * @throws IllegalArgumentException if it is null or out of range
     */
    public LockTimes holdAtLeast(Duration holdAtLeast) {
        LockDurations.checkHoldAtLeast(holdAtLeast);
        return new LockTimes(this.waitTime, this.leaseTime, this.renew, holdAtLeast, this.maxHoldTime);
    }

    /**
     * Sets when a hold is lost.
     *
     * @param maxHoldTime at least {@link LockOptions#MIN_LEASE_TIME}
     * @return changed times
     * @throws IllegalArgumentException if it is null or out of range
     */
    public LockTimes maxHoldTime(Duration maxHoldTime) {
        LockDurations.checkMaxHoldTime(maxHoldTime);
        return new LockTimes(this.waitTime, this.leaseTime, this.renew, this.holdAtLeast, maxHoldTime);
    }

    /**
     * Returns what is wrong with times that apply together.
     *
     * @return the description, {@code null} if nothing is
     */
    public @Nullable String contradiction() {
        return this.maxHoldTime != null ? contradiction(this.maxHoldTime, this.leaseTime, this.holdAtLeast) : null;
    }

    static @Nullable String contradiction(Duration most, @Nullable Duration leaseTime, @Nullable Duration atLeast) {
        if (leaseTime != null && most.compareTo(leaseTime) < 0) {
            return shorter(most, "lease time", leaseTime);
        }
        return atLeast != null && most.compareTo(atLeast) < 0 ? shorter(most, "time to hold at least", atLeast) : null;
    }

    private static String shorter(Duration most, String what, Duration other) {
        return "the maximum hold time " + LockDurations.textOf(most) + " is shorter than the " + what + " "
                + LockDurations.textOf(other);
    }

    /**
     * Fills in what is not set here.
     *
     * @param other the times to take it from
     * @return times
     */
    public LockTimes orElse(LockTimes other) {
        return new LockTimes(
                first(this.waitTime, other.waitTime),
                first(this.leaseTime, other.leaseTime),
                first(this.renew, other.renew),
                first(this.holdAtLeast, other.holdAtLeast),
                first(this.maxHoldTime, other.maxHoldTime));
    }

    private static <T> @Nullable T first(@Nullable T present, @Nullable T other) {
        return present != null ? present : other;
    }
}
