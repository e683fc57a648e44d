package io.github.lockspring;

/**
 * The result of releasing a lock with {@link LockLease#release()}.
 *
 * @since 0.1
 */
public enum ReleaseResult {

    /** The lock belonged to this lease until it was given back: it is now free, or held by the next caller. */
    GIVEN_BACK,

    /**
     * Another lease of the same hold, which this one has re-entered or which re-enters it, is open: the lock is kept.
     */
    STILL_HELD,

    /**
     * The lock no longer belonged to this lease when it was given back: the lease had been lost, or the store reports
     * that another owner has the lock, which it also does for a release that the driver has repeated after a reconnect.
     * Another caller may have had the lock in the meantime.
     */
    LOST
}
