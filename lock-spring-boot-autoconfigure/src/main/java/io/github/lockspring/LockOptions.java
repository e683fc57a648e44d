package io.github.lockspring;

import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Which lock, and how to acquire it. Immutable: every setter returns changed options. Options that are not set come
 * from the configured {@link LockSettings}.
 *
 * @since 0.1
 */
public final class LockOptions {

    /** Shortest lease time: below it, a pause of the process or of the network would lose the lock. */
    public static final Duration MIN_LEASE_TIME = Duration.ofSeconds(1);

    /** Longest lease time: the lease time is how long a crashed holder keeps others out. */
    public static final Duration MAX_LEASE_TIME = Duration.ofDays(365);

    private final LockName name;

    private final LockTimes times;

    private final @Nullable Boolean fair;

    private final boolean reentrant;

    private final @Nullable LockLease within;

    private LockOptions(
            LockName name, LockTimes times, @Nullable Boolean fair, boolean reentrant, @Nullable LockLease within) {
        this.name = name;
        this.times = times;
        this.fair = fair;
        this.reentrant = reentrant;
        this.within = within;
    }

    /**
     * Starts with the lock of a name without key.
     *
     * @param name static, low-cardinality name: what metrics and per-name properties speak of
     * @return the options
     * @throws LockKeyException if the name is null or blank
     */
    public static LockOptions named(String name) {
        return of(LockName.of(name));
    }

    /**
     * Starts with a lock.
     *
     * @param name which lock
     * @return the options
     * @throws LockKeyException if the name is null
     */
    public static LockOptions of(LockName name) {
        if (name == null) {
            throw LockName.isNull();
        }
        return new LockOptions(name, LockTimes.NONE, null, true, null);
    }

    /**
     * Sets the key: the part that varies.
     *
     * @param parts text, numbers, booleans, enums, UUID, {@code java.time}, dates, records of these, and other types
     *     with {@code toString()} and {@code equals} of their own, see {@link LockKeyType}; not null, not blank, no
     *     containers
     * @return changed options
     * @throws LockKeyException if a part cannot identify a lock
     */
    public LockOptions key(Object... parts) {
        return new LockOptions(this.name.withKey(parts), this.times, this.fair, this.reentrant, this.within);
    }

    /**
     * Sets the longest time to wait for others. The {@code tryAcquire} methods have a wait time of their own.
     *
     * @param waitTime not negative; {@link Duration#ZERO} tries once; for no limit {@link #waitForever()}
     * @return changed options
     * @throws IllegalArgumentException if it is null or negative
     */
    public LockOptions waitTime(Duration waitTime) {
        return times(this.times.waitTime(waitTime));
    }

    /**
     * Waits for others without limit.
     *
     * @return changed options
     */
    public LockOptions waitForever() {
        return waitTime(LockDurations.FOREVER);
    }

    /**
     * Sets the time to live in the store: how long a crashed holder keeps others out.
     *
     * @param leaseTime from {@link #MIN_LEASE_TIME} to {@link #MAX_LEASE_TIME}
     * @return changed options
     * @throws IllegalArgumentException if it is null or out of range
     */
    public LockOptions leaseTime(Duration leaseTime) {
        return times(this.times.leaseTime(leaseTime));
    }

    /**
     * Sets whether the lease is kept alive while it is held. Without renewal the lease is lost after its lease time.
     *
     * @param renew whether to renew
     * @return changed options
     */
    public LockOptions renew(boolean renew) {
        return times(this.times.renew(renew));
    }

    /**
     * Keeps others out for at least this long from the acquisition on, even if the work is done earlier, and even if
     * the process ends. For jobs that must not run again before a while has passed. When the hold ends earlier, the
     * lock expires after what is left of this time; no caller gets it before that. Does not apply to a call that enters
     * a hold again.
     *
     * @param holdAtLeast not negative, at most {@link #MAX_LEASE_TIME}; may be longer than the lease time
     * @return changed options
     * @throws IllegalArgumentException if it is null or out of range
     */
    public LockOptions holdAtLeast(Duration holdAtLeast) {
        return times(this.times.holdAtLeast(holdAtLeast));
    }

    /**
     * Limits how long a hold may last, in spite of renewal. A hold that lasts longer is lost: the lock expires in the
     * store, and the work is told as for any lost lease. Each hold counts from its own acquisition; a re-entered hold
     * counts from the first one, and ends as that one says.
     *
     * @param maxHoldTime not shorter than the lease time and the time to hold at least; {@link LockDurations#FOREVER}
     *     for no limit
     * @return changed options
     * @throws IllegalArgumentException if it is null or shorter than {@link #MIN_LEASE_TIME}
     */
    public LockOptions maxHoldTime(Duration maxHoldTime) {
        return times(this.times.maxHoldTime(maxHoldTime));
    }

    /**
     * Sets all times.
     *
     * @param times those that are not set come from the settings
     * @return changed options
     */
    public LockOptions times(LockTimes times) {
        return new LockOptions(this.name, times, this.fair, this.reentrant, this.within);
    }

    /**
     * Sets whether waiters of all processes are served in strict order of arrival. Slower under contention: every
     * waiter is queued in the store individually. Use one value for all callers of a name.
     *
     * @param fair whether the lock is fair, {@code false} by default
     * @return changed options
     */
    public LockOptions fair(boolean fair) {
        return new LockOptions(this.name, this.times, fair, this.reentrant, this.within);
    }

    /**
     * Sets whether code that already holds the lock enters it again. Otherwise the inner call fails immediately, as if
     * another caller had the lock.
     *
     * @param reentrant whether to re-enter, {@code true} by default
     * @return changed options
     */
    public LockOptions reentrant(boolean reentrant) {
        return new LockOptions(this.name, this.times, this.fair, reentrant, this.within);
    }

    /**
     * Lets an asynchronous acquisition re-enter a lease, if that lease holds the same lock.
     *
     * @param lease the outer lease
     * @return changed options
     * @throws IllegalArgumentException if it is null
     */
    public LockOptions within(LockLease lease) {
        Assert.notNull(lease, "The lease to re-enter is null: omit within() if there is none");
        return new LockOptions(this.name, this.times, this.fair, this.reentrant, lease);
    }

    /**
     * Returns which lock.
     *
     * @return name and key
     */
    public LockName lockName() {
        return this.name;
    }

    /**
     * Returns the longest time to wait for others.
     *
     * @return the wait time, {@link LockDurations#FOREVER} after {@link #waitForever()}, {@code null} if not set
     */
    public @Nullable Duration waitTime() {
        return this.times.waitTime();
    }

    /**
     * Returns the time to live in the store.
     *
     * @return the lease time, {@code null} if not set
     */
    public @Nullable Duration leaseTime() {
        return this.times.leaseTime();
    }

    /**
     * Returns whether the lease is kept alive.
     *
     * @return whether to renew, {@code null} if not set
     */
    public @Nullable Boolean renew() {
        return this.times.renew();
    }

    /**
     * Returns all times that are set.
     *
     * @return the times
     */
    public LockTimes times() {
        return this.times;
    }

    /**
     * Returns until when, counted from the acquisition, others are kept out.
     *
     * @return the time to hold at least, {@code null} if not set
     */
    public @Nullable Duration holdAtLeast() {
        return this.times.holdAtLeast();
    }

    /**
     * Returns when a hold is lost, counted from its acquisition.
     *
     * @return the maximum hold time, {@code null} if not set
     */
    public @Nullable Duration maxHoldTime() {
        return this.times.maxHoldTime();
    }

    /**
     * Returns whether code that already holds the lock enters it again.
     *
     * @return whether to re-enter
     */
    public boolean reentrant() {
        return this.reentrant;
    }

    /**
     * Returns whether waiters are served in strict order of arrival.
     *
     * @return whether the lock is fair, {@code null} if not set
     */
    public @Nullable Boolean fair() {
        return this.fair;
    }

    /**
     * Returns the lease that an asynchronous acquisition re-enters.
     *
     * @return the outer lease, {@code null} if not set
     */
    public @Nullable LockLease within() {
        return this.within;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LockOptions that
                && this.name.equals(that.name)
                && this.times.equals(that.times)
                && Objects.equals(this.fair, that.fair)
                && this.reentrant == that.reentrant
                && Objects.equals(this.within, that.within);
    }

    @Override
    public int hashCode() {
        return Objects.hash(this.name, this.times, this.fair, this.reentrant, this.within);
    }

    /** The lock, and what is set. */
    @Override
    public String toString() {
        StringJoiner set = new StringJoiner(", ", this.name.fullName() + " (", ")").setEmptyValue(this.name.fullName());
        if (waitTime() != null) {
            set.add("wait time " + LockDurations.textOf(waitTime()));
        }
        if (leaseTime() != null) {
            set.add("lease time " + leaseTime());
        }
        if (renew() != null) {
            set.add(renew() ? "renewed" : "not renewed");
        }
        if (holdAtLeast() != null) {
            set.add("held for at least " + holdAtLeast());
        }
        if (maxHoldTime() != null) {
            set.add("held for at most " + LockDurations.textOf(maxHoldTime()));
        }
        if (this.fair != null) {
            set.add(this.fair ? "fair" : "not fair");
        }
        if (!this.reentrant) {
            set.add("not reentrant");
        }
        if (this.within != null) {
            set.add("within " + this.within);
        }
        return set.toString();
    }
}
