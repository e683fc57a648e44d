package io.github.lockspring.store;

import org.jspecify.annotations.Nullable;

/**
 * Answer to one entry of {@link LockStore#renew}.
 *
 * @since 0.1
 */
public sealed interface RenewOutcome {

    /** The lease lasts for the time asked for, or for longer. */
    record Renewed() implements RenewOutcome {}

    /** The lock is not this owner's: final. */
    record NotOwner() implements RenewOutcome {}

    /**
     * Cannot be told; worth another try.
     *
     * @param cause what went wrong
     */
    record Failed(Throwable cause) implements RenewOutcome {}

    /**
     * Answers with a failure, also where a stage was completed without any.
     *
     * @param cause what went wrong
     * @return the failure
     */
    static RenewOutcome failed(@Nullable Throwable cause) {
        return new Failed(cause != null ? cause : new IllegalStateException("The store gave no answer"));
    }

    /** The one {@link Renewed}. */
    RenewOutcome RENEWED = new Renewed();

    /** The one {@link NotOwner}. */
    RenewOutcome NOT_OWNER = new NotOwner();
}
