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

    private final @Nullable Duration waitTime;

    private final @Nullable Duration leaseTime;

    private final @Nullable Boolean renew;

    private final @Nullable Boolean fair;

    private final @Nullable LockLease within;

    private LockOptions(
            LockName name,
            @Nullable Duration waitTime,
            @Nullable Duration leaseTime,
            @Nullable Boolean renew,
            @Nullable Boolean fair,
            @Nullable LockLease within) {
        this.name = name;
        this.waitTime = waitTime;
        this.leaseTime = leaseTime;
        this.renew = renew;
        this.fair = fair;
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
        return new LockOptions(name, null, null, null, null, null);
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
        return new LockOptions(
                this.name.withKey(parts), this.waitTime, this.leaseTime, this.renew, this.fair, this.within);
    }

    /**
     * Sets the longest time to wait for others. The {@code tryAcquire} methods have a wait time of their own.
     *
     * @param waitTime not negative; {@link Duration#ZERO} tries once; for no limit {@link #waitForever()}
     * @return changed options
     * @throws IllegalArgumentException if it is null or negative
     */
    public LockOptions waitTime(Duration waitTime) {
        return new LockOptions(
                this.name, LockDurations.checkWaitTime(waitTime), this.leaseTime, this.renew, this.fair, this.within);
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
        return new LockOptions(
                this.name, this.waitTime, LockDurations.checkLeaseTime(leaseTime), this.renew, this.fair, this.within);
    }

    /**
     * Sets whether the lease is kept alive while it is held. Without renewal the lease is lost after its lease time.
     *
     * @param renew whether to renew
     * @return changed options
     */
    public LockOptions renew(boolean renew) {
        return new LockOptions(this.name, this.waitTime, this.leaseTime, renew, this.fair, this.within);
    }

    /**
     * Sets whether waiters of all processes are served in strict order of arrival. Slower under contention: every
     * waiter is queued in the store individually. Use one value for all callers of a name.
     *
     * @param fair whether the lock is fair, {@code false} by default
     * @return changed options
     */
    public LockOptions fair(boolean fair) {
        return new LockOptions(this.name, this.waitTime, this.leaseTime, this.renew, fair, this.within);
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
        return new LockOptions(this.name, this.waitTime, this.leaseTime, this.renew, this.fair, lease);
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
        return this.waitTime;
    }

    /**
     * Returns the time to live in the store.
     *
     * @return the lease time, {@code null} if not set
     */
    public @Nullable Duration leaseTime() {
        return this.leaseTime;
    }

    /**
     * Returns whether the lease is kept alive.
     *
     * @return whether to renew, {@code null} if not set
     */
    public @Nullable Boolean renew() {
        return this.renew;
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
                && Objects.equals(this.waitTime, that.waitTime)
                && Objects.equals(this.leaseTime, that.leaseTime)
                && Objects.equals(this.renew, that.renew)
                && Objects.equals(this.fair, that.fair)
                && Objects.equals(this.within, that.within);
    }

    @Override
    public int hashCode() {
        return Objects.hash(this.name, this.waitTime, this.leaseTime, this.renew, this.fair, this.within);
    }

    /** The lock, and what is set. */
    @Override
    public String toString() {
        StringJoiner set = new StringJoiner(", ", this.name.fullName() + " (", ")").setEmptyValue(this.name.fullName());
        if (this.waitTime != null) {
            set.add("wait time " + LockDurations.textOf(this.waitTime));
        }
        if (this.leaseTime != null) {
            set.add("lease time " + this.leaseTime);
        }
        if (this.renew != null) {
            set.add(this.renew ? "renewed" : "not renewed");
        }
        if (this.fair != null) {
            set.add(this.fair ? "fair" : "not fair");
        }
        if (this.within != null) {
            set.add("within " + this.within);
        }
        return set.toString();
    }
}
