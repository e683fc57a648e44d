package io.github.lockspring;

/**
 * What happens when a lease is lost while work runs under it. The loss is logged, and listeners run, in any case; a
 * transaction that relies on the lease rolls back in any case.
 *
 * @since 0.1
 */
public enum OnLost {

    /** The call ends in {@link LeaseLostException} once the work returns. */
    THROW,

    /**
     * The thread that runs the work is interrupted, and the call ends in {@link LeaseLostException} as with {@link
     * #THROW}. The interrupt never reaches a thread that has left the work.
     */
    INTERRUPT,

    /** The call returns what the work returns; only the log tells of the loss. */
    LOG
}
