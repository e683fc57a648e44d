package io.github.lockspring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which lock, and how to acquire it. Immutable: every setter returns changed options. What is not set comes from the
 * configured {@link LockSettings}.
 *
 * @since 0.1
 */
public final class LockOptions {

    /** Wait time without end: the longest span that can be counted in nanoseconds, 292 years. */
    public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    /** Shortest lease time: below it, a pause of the process or of the network would cost the lock. */
    public static final Duration MIN_LEASE_TIME = Duration.ofSeconds(1);

    /** Longest lease time: a lease is how long a crashed holder keeps others out. */
    public static final Duration MAX_LEASE_TIME = Duration.ofDays(365);

    private final LockName name;

    private final @Nullable Duration waitTime;

    private final @Nullable Duration leaseTime;

    private final @Nullable Boolean renew;

    private final boolean fair;

    private final @Nullable LockLease within;

    private LockOptions(
            LockName name,
            @Nullable Duration waitTime,
            @Nullable Duration leaseTime,
            @Nullable Boolean renew,
            boolean fair,
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
     * @throws LockKeyException if the name is blank
     */
    public static LockOptions named(String name) {
        return of(LockName.of(name));
    }

    /**
     * Starts with a lock.
     *
     * @param name which lock
     * @return the options
     */
    public static LockOptions of(LockName name) {
        return new LockOptions(name, null, null, null, false, null);
    }

    /**
     * Sets the key: the part that varies.
     *
     * @param parts text, numbers, booleans, enums, UUID, {@code java.time}, and other types with a text form of their
     *     own; not null, not blank, no containers
     * @return changed options
     * @throws LockKeyException if a part cannot identify a lock
     */
    public LockOptions key(Object... parts) {
        return new LockOptions(
                this.name.withKey(parts), this.waitTime, this.leaseTime, this.renew, this.fair, this.within);
    }

    /**
     * Sets the longest waiting for others.
     *
     * @param waitTime not negative; {@link Duration#ZERO} tries once; {@link #FOREVER}
     * @return changed options
     * @throws IllegalArgumentException if it is negative
     */
    public LockOptions waitTime(Duration waitTime) {
        return new LockOptions(
                this.name, LockDurations.checkWaitTime(waitTime), this.leaseTime, this.renew, this.fair, this.within);
    }

    /**
     * Sets the time to live in the store: how long a crashed holder keeps others out.
     *
     * @param leaseTime from {@link #MIN_LEASE_TIME} to {@link #MAX_LEASE_TIME}
     * @return changed options
     * @throws IllegalArgumentException if it is out of range
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
     * waiter queues in the store by itself. Use one value for all callers of a name.
     *
     * @param fair whether the lock is fair, {@code false} by default
     * @return changed options
     */
    public LockOptions fair(boolean fair) {
        return new LockOptions(this.name, this.waitTime, this.leaseTime, this.renew, fair, this.within);
    }

    /**
     * Has an asynchronous acquisition re-enter a lease, if that lease holds the same lock.
     *
     * @param lease the outer lease
     * @return changed options
     */
    public LockOptions within(LockLease lease) {
        return new LockOptions(this.name, this.waitTime, this.leaseTime, this.renew, this.fair, lease);
    }

    /**
     * Returns which lock.
     *
     * @return name and key
     */
    public LockName getName() {
        return this.name;
    }

    /**
     * Returns the longest waiting for others.
     *
     * @return the wait time, {@code null} if not set
     */
    public @Nullable Duration getWaitTime() {
        return this.waitTime;
    }

    /**
     * Returns the time to live in the store.
     *
     * @return the lease time, {@code null} if not set
     */
    public @Nullable Duration getLeaseTime() {
        return this.leaseTime;
    }

    /**
     * Returns whether the lease is kept alive.
     *
     * @return whether to renew, {@code null} if not set
     */
    public @Nullable Boolean getRenew() {
        return this.renew;
    }

    /**
     * Returns whether waiters are served in strict order of arrival.
     *
     * @return whether the lock is fair
     */
    public boolean isFair() {
        return this.fair;
    }

    /**
     * Returns the lease that an asynchronous acquisition re-enters.
     *
     * @return the outer lease, {@code null} if not set
     */
    public @Nullable LockLease getWithin() {
        return this.within;
    }
}
