package io.github.lockspring;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A held lock, until {@link #close() closed}. Thread-safe: every method may be called from any thread.
 *
 * <p>While {@link #isHeld()} is true, no other hold of the same lock exists, as far as the clock of this process and
 * the lease in the store can prove it. A pause of the process between that check and a write to somewhere else cannot
 * be excluded: where that matters, send the {@link #fencingToken() fencing token} along and have it checked there.
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
     * Returns for how long the lease is proven from now on. Renewal extends it again and again.
     *
     * @return the time left, zero when the lease is not held any more
     */
    Duration remaining();

    /**
     * Tells whether the lock is certainly still held through this lease.
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
     * Returns if the lease is held, and throws otherwise.
     *
     * @throws LeaseLostException if the lease was lost, whether or not it was closed after that
     * @throws IllegalStateException if the lease was closed
     */
    void ensureHeld();

    /**
     * Has an action run when the lease is lost, at once if it is lost already. It runs on the engine's callback
     * executor, at most once, and not at all when the lease is closed before.
     *
     * @param action what to do, for example to stop the work under the lock
     */
    void onLost(Runnable action);

    /**
     * Gives the lock back as {@link #close()} does, never waiting, and tells what came of it. For work that wants to know
     * whether the store had the lock for it to the end; {@code close()} may follow, and does nothing then.
     *
     * <p>The stage fails with a {@link LockStoreException} if the store has not answered within the command time-out, so
     * that it is not known whether the lock is free; its owner is taken out of the store in the background then. A lock
     * that the next caller of this process has got without the store counts as given back. The stage never completes on a
     * thread of the store's driver.
     *
     * @return what came of it; fails with {@link IllegalStateException} if this lease was closed or released before
     */
    CompletionStage<ReleaseResult> release();

    /**
     * Gives the lock back. May be called from any thread and more than once; never throws because the lease was lost,
     * and never touches a lock that meanwhile belongs to somebody else.
     */
    @Override
    void close();
}
