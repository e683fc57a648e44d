package io.github.lockspring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks the engine for: {@link LockOptions} with every default filled in.
 *
 * @param name which lock
 * @param waitTime longest waiting for others, {@link Duration#ZERO} to try once, {@link LockDurations#FOREVER}
 * @param leaseTime time to live in the store
 * @param renew whether the lease is kept alive while it is held
 * @param holdAtLeast until when, counted from the acquisition, others are kept out; {@link Duration#ZERO} for no such
 *     time
 * @param maxHoldTime when the hold is lost, counted from the acquisition; {@link LockDurations#FOREVER} for no limit
 * @param fair whether waiters of all processes are served in strict order of arrival
 * @param reentrant whether a caller that holds the lock re-enters it
 * @param onLost what happens when the lease is lost
 * @param inTransaction what happens if a transaction is active
 * @param within a lease to re-enter by an asynchronous call, or {@code null}
 * @since 0.1
 */
public record LockRequest(
        LockName name,
        Duration waitTime,
        Duration leaseTime,
        boolean renew,
        Duration holdAtLeast,
        Duration maxHoldTime,
        boolean fair,
        boolean reentrant,
        OnLost onLost,
        InTransaction inTransaction,
        @Nullable LockLease within) {

    /**
     * Creates a request.
     *
     * @param name which lock
     * @param waitTime longest waiting for others
     * @param leaseTime time to live in the store
     * @param renew whether the lease is kept alive while it is held
     * @param holdAtLeast until when others are kept out
     * @param maxHoldTime when the hold is lost
     * @param fair whether waiters of all processes are served in strict order of arrival
     * @param reentrant whether a caller that holds the lock re-enters it
     * @param onLost what happens when the lease is lost
     * @param inTransaction what happens if a transaction is active
     * @param within a lease to re-enter by an asynchronous call, or {@code null}
     * @throws IllegalArgumentException if the maximum hold time is shorter than the lease time or the time to hold at
     *     least
     */
    public LockRequest {
        String contradiction = LockTimes.contradiction(maxHoldTime, leaseTime, holdAtLeast);
        if (contradiction != null) {
            throw new IllegalArgumentException("Lock '" + name + "': " + contradiction);
        }
    }

    /**
     * Creates a request with the default of everything else.
     *
     * @param name which lock
     * @param waitTime longest waiting for others
     * @param leaseTime time to live in the store
     * @param renew whether the lease is kept alive while it is held
     * @param fair whether waiters of all processes are served in strict order of arrival
     * @param within a lease to re-enter by an asynchronous call, or {@code null}
     */
    public LockRequest(
            LockName name,
            Duration waitTime,
            Duration leaseTime,
            boolean renew,
            boolean fair,
            @Nullable LockLease within) {
        this(
                name,
                waitTime,
                leaseTime,
                renew,
                Duration.ZERO,
                LockDurations.FOREVER,
                fair,
                true,
                OnLost.THROW,
                InTransaction.DEFER,
                within);
    }

    /**
     * Returns the time to live that the store sets when the lock is acquired: the longer one of the lease time and the
     * time to hold at least.
     *
     * @return the time to live
     */
    public Duration timeToLive() {
        return this.holdAtLeast.compareTo(this.leaseTime) > 0 ? this.holdAtLeast : this.leaseTime;
    }

    /**
     * Returns the same request with another wait time.
     *
     * @param waitTime longest waiting for others
     * @return the changed request
     */
    public LockRequest withWaitTime(Duration waitTime) {
        return new LockRequest(
                this.name,
                waitTime,
                this.leaseTime,
                this.renew,
                this.holdAtLeast,
                this.maxHoldTime,
                this.fair,
                this.reentrant,
                this.onLost,
                this.inTransaction,
                this.within);
    }
}
