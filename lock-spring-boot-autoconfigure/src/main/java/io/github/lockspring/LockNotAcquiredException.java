package io.github.lockspring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Another owner has the lock and the wait time is over. {@link #getHolder()} returns that owner, if known. A store that
 * cannot be reached is never reported by this exception, see {@link LockStoreException}.
 *
 * @since 0.1
 */
public final class LockNotAcquiredException extends LockException {

    private static final long serialVersionUID = 1L;

    private final Duration waited;

    private final transient @Nullable LockHolder holder;

    /**
     * Creates an exception.
     *
     * @param lock the lock
     * @param waited how long the caller waited
     * @param holder who has the lock, {@code null} if that is not known
     */
    public LockNotAcquiredException(LockName lock, Duration waited, @Nullable LockHolder holder) {
        super(
                lock,
                "Lock '" + lock + "' was not acquired within "
                        + (LockDurations.isEndless(waited) ? "any time" : waited.toMillis() + " ms")
                        + ": held by another caller" + (holder != null ? holder.howLong() : ""),
                null);
        this.waited = waited;
        this.holder = holder;
    }

    private LockNotAcquiredException(LockName lock, String message, LockHolder holder) {
        super(lock, message, null);
        this.waited = Duration.ZERO;
        this.holder = holder;
    }

    /**
     * Creates an exception for a caller that holds the lock itself.
     *
     * @param lock the lock
     * @param holder this process
     * @return the exception
     */
    public static LockNotAcquiredException notReentrant(LockName lock, LockHolder holder) {
        return new LockNotAcquiredException(
                lock,
                "Lock '" + lock + "' was not acquired: the caller holds it already, and asked not to re-enter it"
                        + " (reentrant = false)",
                holder);
    }

    /**
     * Returns how long the caller waited.
     *
     * @return the time waited
     */
    public Duration getWaited() {
        return this.waited;
    }

    /**
     * Returns who has the lock and for how much longer. It is the last holder, possibly this process, where that hold
     * has ended and its time to hold at least still keeps others out.
     *
     * @return the holder, {@code null} if it is not known
     */
    public @Nullable LockHolder getHolder() {
        return this.holder;
    }
}
