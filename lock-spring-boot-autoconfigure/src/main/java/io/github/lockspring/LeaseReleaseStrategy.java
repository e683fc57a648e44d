package io.github.lockspring;

import java.util.function.UnaryOperator;

/**
 * When the lock of a lease that is closed is released: immediately, or when the transaction has completed in which it
 * was acquired. Thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LeaseReleaseStrategy {

    /** Locks are released when their lease is closed. */
    LeaseReleaseStrategy IMMEDIATE = request -> UnaryOperator.identity();

    /**
     * Called by the acquiring thread before a lock is acquired.
     *
     * @param request which lock, and how
     * @return turns the lease that the engine gives, by any thread, into the lease for the caller
     * @throws IllegalStateException if the lock must not be acquired here
     */
    UnaryOperator<LockLease> beforeAcquire(LockRequest request);
}
