package io.github.lockspring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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
     * @throws LockNotAcquiredException if another owner has the lock and the wait time is over
     * @throws LockStoreException if the store fails, within the longer of wait time and command time-out
     * @throws LockInterruptedException if the thread is interrupted while it waits
     * @throws LockShutdownException after {@link #close()}
     * @throws IllegalStateException if the thread must not be blocked, because it processes responses: the threads of
     *     the store's driver, and Reactor's non-blocking threads. Re-entering a hold does not block
     */
    LockLease acquire(LockRequest request);

    /**
     * Does the same, but keeps waiting in its place in the queue when the thread is interrupted; the interrupt flag is
     * set again before it returns or throws.
     *
     * @param request which lock, and how
     * @return the lease
     */
    LockLease acquireUninterruptibly(LockRequest request);

    /**
     * Acquires a lock without ever blocking. The stage completes on the callback executor, with the exceptions of
     * {@link #acquire}; cancelling its future withdraws the request. The lease is not bound to a thread.
     *
     * @param request which lock, and how
     * @return the lease to be
     */
    CompletionStage<LockLease> acquireAsync(LockRequest request);

    /**
     * Asks the store who has a lock. If a release of this lock by this process is in progress, it is awaited first.
     *
     * @param name which lock
     * @return the holder, empty if the lock is free
     * @throws LockStoreException if the store fails to answer within the command time-out, the release included
     * @throws IllegalStateException if the thread must not be blocked, as for {@link #acquire}
     */
    Optional<LockHolder> holder(LockName name);

    /**
     * Takes a lock away from its holder, for operators: whichever process that is, and although its work may still run.
     * The caller that has waited longest gets the lock at once. <b>Two callers may be inside until the former holder
     * notices</b>, which is at its next renewal if it is another process: after a third of its lease time at most, or
     * when its lease is over if it is not renewed. Its fencing token is out of date from now on. Changes nothing if the
     * owner no longer has the lock by the time the store is told.
     *
     * @param name which lock
     * @param owner the owner that loses it, as {@link #holder} tells it; {@code null} for the present one
     * @return the holder that has lost it; empty if the lock was free, or another owner had it
     * @throws LockStoreException if the store fails to answer within the command time-out, or does not let go of it; with
     *     {@link LockStoreException.Outcome#UNKNOWN}, the lock may have been taken away
     * @throws IllegalStateException if the thread must not be blocked, as for {@link #acquire}
     * @throws UnsupportedOperationException if the engine cannot do that, as by default
     */
    default Optional<LockHolder> forceRelease(LockName name, @Nullable String owner) {
        throw new UnsupportedOperationException(getClass().getName() + " cannot take a lock away from its holder");
    }

    /**
     * Returns how this engine is doing. Takes no lock that acquisitions need, and does not ask the store.
     *
     * @return what it knows of itself and its store
     */
    default LockEngineStatus status() {
        return new LockEngineStatus(toString(), false, Duration.ZERO, Map.of(), List.of(), true);
    }

    /**
     * Returns what this engine holds and waits for at about this moment. Takes no lock that acquisitions need.
     *
     * @return holds and waiting calls; {@link LockSnapshot#EMPTY} if the engine does not know
     */
    default LockSnapshot snapshot() {
        return LockSnapshot.EMPTY;
    }

    /**
     * Work is left out because another caller has its lock: told to the monitor, where there is one.
     *
     * @param failure what the call got
     */
    default void skipped(LockNotAcquiredException failure) {}

    /**
     * The application starts, for the first time or after it was stopped, as before and after a checkpoint of its process:
     * acquisitions are accepted after {@link #close()}, too. What was held or waited for before stays ended. Does
     * nothing if the engine is open. An engine is open before it is told so for the first time; one that wraps another
     * has to pass this on. By default, an engine that was closed stays closed.
     */
    default void open() {}

    /**
     * Refuses new acquisitions, ends waiting ones, releases locks that are not in use, and awaits outstanding releases.
     */
    @Override
    void close();
}
