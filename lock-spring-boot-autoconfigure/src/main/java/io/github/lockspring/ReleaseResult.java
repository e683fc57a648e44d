package io.github.lockspring;

/**
 * What came of giving a lock back with {@link LockLease#release()}.
 *
 * @since 0.1
 */
public enum ReleaseResult {

    /** The lock was this lease's until it was given back: it is free now, or the next caller's. */
    GIVEN_BACK,

    /** Another lease of the same hold, which this one has re-entered or which re-enters it, is open: the lock is kept. */
    STILL_HELD,

    /**
     * The lock was not this lease's any more when it was to be given back: the lease had been lost, or the store says that
     * the lock is not its own, which it says as well to a release that the driver has repeated after a reconnect. Another
     * caller may have had the lock meanwhile.
     */
    LOST
}
