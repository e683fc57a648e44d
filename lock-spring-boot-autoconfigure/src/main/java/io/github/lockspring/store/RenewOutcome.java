package io.github.lockspring.store;

import org.jspecify.annotations.Nullable;

/**
 * Answer to one entry of {@link LockStore#renew}.
 *
 * @since 0.1
 */
public sealed interface RenewOutcome {

    /** The lease lasts for the requested time, or longer. */
    record Renewed() implements RenewOutcome {}

    /** Another owner, or none, has the lock: final. */
    record NotOwner() implements RenewOutcome {}

    /**
     * Not known; worth another attempt.
     *
     * @param cause what went wrong
     */
    record Failed(Throwable cause) implements RenewOutcome {}

    /**
     * Answers with a failure, even if a stage was completed without one.
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
