package io.github.lockspring;

/**
 * Answer to one entry of {@link LockStore#renew}.
 *
 * @since 0.1
 */
public sealed interface RenewOutcome {

    /** The lease has its full length again. */
    record Renewed() implements RenewOutcome {}

    /** The lock is not this owner's: final. */
    record NotOwner() implements RenewOutcome {}

    /**
     * Cannot be told; worth another try.
     *
     * @param cause what went wrong
     */
    record Failed(Throwable cause) implements RenewOutcome {}

    /** The one {@link Renewed}. */
    RenewOutcome RENEWED = new Renewed();

    /** The one {@link NotOwner}. */
    RenewOutcome NOT_OWNER = new NotOwner();
}
