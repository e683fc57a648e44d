package io.github.lockspring;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Runs the acquire, renew and release cycle against a lock store. Thread-safe. {@link LockTemplate} is the way
 * to use it.
 *
 * @since 0.1
 */
public interface LockEngine extends AutoCloseable {

    /**
     * Acquires a lock and binds its lease to the calling thread ({@link LockContext}), or re-enters a hold that the
     * thread runs under.
     *
     * @param request which lock, and how
     * @return the lease
     * @throws LockNotAcquiredException if somebody else has the lock and the wait time is over
     * @throws LockStoreException if the store fails, within the longer of wait time and command time-out
     * @throws LockInterruptedException if the thread is interrupted while it waits
     * @throws LockShutdownException after {@link #close()}
     * @throws IllegalStateException if the thread must not be blocked, since it serves answers that wait for it meanwhile:
     *     those of the store's driver, and Reactor's non-blocking threads. Re-entering a hold does not block
     */
    LockLease acquire(LockRequest request);

    /**
     * Does the same, but goes on waiting when the thread is interrupted, in its place in the queue; an interrupt is there
     * again when it returns or throws.
     *
     * @param request which lock, and how
     * @return the lease
     */
    LockLease acquireUninterruptibly(LockRequest request);

    /**
     * Acquires a lock without ever blocking. The stage completes on the callback executor, with the exceptions of
     * {@link #acquire}; cancelling its future withdraws the request. The lease is bound to no thread.
     *
     * @param request which lock, and how
     * @return the lease to be
     */
    CompletionStage<LockLease> acquireAsync(LockRequest request);

    /**
     * Asks the store who has a lock. While a release of this process is under way for it, that is awaited first.
     *
     * @param name which lock
     * @return the holder, empty if the lock is free
     * @throws LockStoreException if the store fails to answer within the command time-out, the release included
     * @throws IllegalStateException if the thread must not be blocked, as for {@link #acquire}
     */
    Optional<LockHolder> holder(LockName name);

    /** Refuses new acquisitions, ends waiting ones, gives back what is not in use, and awaits outstanding releases. */
    @Override
    void close();
}
