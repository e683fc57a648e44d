package io.github.lockspring.reactive;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockRequest;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * When the lock of a pipeline is released: when its work ends, or when the reactive transaction has completed that the
 * pipeline is in. What {@link io.github.lockspring.LeaseReleaseStrategy} is for the transactions of threads.
 * Thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ReactiveReleaseStrategy {

    /** Locks are released when their work ends. */
    ReactiveReleaseStrategy IMMEDIATE = (locks, request, executor) -> Mono.just(Terms.OF_ITS_OWN);

    /**
     * Called for each subscription before its lock is acquired.
     *
     * @param locks what the lock is acquired by: holds of different operations are told apart
     * @param request which lock, and how; {@link LockRequest#within()} is a lease that the pipeline runs under already
     * @param executor runs what comes after waiting; takes every task
     * @return emits once, in the context of the pipeline; fails with {@link IllegalStateException} if the lock must not
     *     be acquired here
     */
    Mono<Terms> beforeAcquire(LockOperations locks, LockRequest request, Executor executor);

    /** On which terms one subscription acquires its lock. */
    interface Terms {

        /** As given, and closed when the work ends. */
        Terms OF_ITS_OWN = lease -> lease;

        /**
         * Returns a lease that is kept although the work that has acquired it has ended: the acquisition re-enters it.
         *
         * @return the lease, {@code null} if there is none
         */
        default @Nullable LockLease kept() {
            return null;
        }

        /**
         * Turns the lease that was acquired into the lease of the work. Called by any thread, at most once.
         *
         * @param lease as it was acquired
         * @return the lease of the work, which closes it
         * @throws IllegalStateException if the lock must not be held here
         */
        LockLease given(LockLease lease);

        /** Says that there is no lease: the acquisition has failed, or was cancelled. */
        default void withdrawn() {}
    }
}
