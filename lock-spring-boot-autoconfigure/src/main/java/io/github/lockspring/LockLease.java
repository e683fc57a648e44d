package io.github.lockspring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A held lock, until {@link #close() closed}. Thread-safe: every method may be called from any thread.
 *
 * <p>While {@link #isHeld()} is true, no other hold of the same lock exists, as far as the clock of this process and
 * the lease in the store can prove it. A pause of the process between that check and a write to another system cannot
 * be excluded: where that matters, send the {@link #fencingToken() fencing token} along with the write and check it
 * there.
 *
 * <p>A lease that was acquired inside a transaction is held until that has completed, also after it was closed, unless
 * {@link InTransaction} is set otherwise.
 *
 * @since 0.1
 */
public interface LockLease extends AutoCloseable {

    /**
     * Returns the static name of the lock.
     *
     * @return the name
     */
    String name();

    /**
     * Returns the key: its parts as text, joined by colons.
     *
     * @return the key, {@code null} for a lock without key
     */
    @Nullable String key();

    /**
     * Returns the full name, which identifies the lock in the store.
     *
     * @return name and key, escaped
     */
    String fullName();

    /**
     * Returns a number that is greater than that of every earlier exclusive hold of this lock. A re-entered hold keeps
     * its token. It fits a signed 64-bit column.
     *
     * @return the fencing token of this hold
     */
    long fencingToken();

    /**
     * Returns for how long the lease is proven from now on. Each renewal extends it.
     *
     * @return the time left, zero when the lease is no longer held
     */
    Duration remaining();

    /**
     * Returns the lease time that the lock was acquired with: each renewal extends the lease to it.
     *
     * @return the lease time
     */
    Duration leaseTime();

    /**
     * Extends the lease to at least this time from now on, once, also where it is not renewed. Never shortens it; the
     * maximum hold time still ends it. A re-entered hold is extended as a whole. Waits for the answer of the store.
     *
     * @param time from {@link LockOptions#MIN_LEASE_TIME} to {@link LockOptions#MAX_LEASE_TIME}
     * @return for how long the lease is proven now
     * @throws LeaseLostException if it is too late
     * @throws LockStoreException if the store fails; the lease is held for as long as before
     * @throws IllegalArgumentException if the time is null or out of range
     * @throws IllegalStateException if the lease was closed, or the thread must not be blocked
     */
    Duration extend(Duration time);

    /**
     * Tells whether the lock is proven to be still held through this lease.
     *
     * @return {@code false} once it was closed or lost
     */
    boolean isHeld();

    /**
     * Tells whether the lease ended before it was closed.
     *
     * @return {@code true} once it was lost, also after a later {@link #close()}
     */
    boolean isLost();

    /**
     * Tells whether this lease was closed or released. Its lock may be held for longer, by other leases of the same
     * hold or until the end of a transaction.
     *
     * @return {@code true} from the first call of {@link #close()} or {@link #release()} on
     */
    default boolean isClosed() {
        return !isHeld() && !isLost();
    }

    /**
     * Returns if the lease is held, and throws otherwise.
     *
     * @throws LeaseLostException if the lease was lost, whether or not it was closed after that
     * @throws IllegalStateException if the lease was closed
     */
    void ensureHeld();

    /**
     * Registers an action that runs when the lease is lost, immediately if it is already lost. It runs on a thread of
     * the engine, at most once, and not at all when the lease is closed before.
     *
     * @param action what to do, for example to stop the work under the lock
     */
    void onLost(Runnable action);

    /**
     * Releases the lock as {@link #close()} does, without waiting, and reports the result. For work that needs to know
     * whether the lock was held in the store until the end; a later {@code close()} does nothing.
     *
     * <p>The stage fails with a {@link LockStoreException} if the store has not answered within the command time-out,
     * so it is not known whether the lock is free; its owner is then removed from the store in the background. A lock
     * that was handed off to the next caller of this process counts as given back. The stage never completes on a
     * thread of the store's driver. If the release is deferred until a transaction has completed, the stage completes
     * after that: do not wait for it inside of the transaction.
     *
     * @return what came of it; fails with {@link IllegalStateException} if this lease was closed or released before
     */
    CompletionStage<ReleaseResult> release();

    /**
     * Returns the lease that the engine gave, for a lease that wraps it: only that one can be re-entered.
     *
     * @return this lease, unless it wraps another one
     */
    default LockLease unwrap() {
        return this;
    }

    /**
     * Releases the lock. May be called from any thread and more than once; never throws because the lease was lost, and
     * never touches a lock that belongs to another owner in the meantime.
     */
    @Override
    void close();

    /**
     * Releases the lock as {@link #close()} does, and never blocks: for pipelines.
     *
     * @return a stage that completes when {@link #close()} would return, which is immediately unless {@code
     *     distributed-lock.release-mode=sync}; it never fails, and never completes on a thread of the store's driver
     */
    default CompletionStage<@Nullable Void> closeAsync() {
        close();
        return CompletableFuture.completedFuture(null);
    }
}
