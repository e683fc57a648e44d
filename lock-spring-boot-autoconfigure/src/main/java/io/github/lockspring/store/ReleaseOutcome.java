package io.github.lockspring.store;

/**
 * Answer to {@link LockStore#release}.
 *
 * @since 0.1
 */
public sealed interface ReleaseOutcome {

    /** The lock is free. */
    record Freed() implements ReleaseOutcome {}

    /** The lock was granted to another owner. */
    record HandedOver() implements ReleaseOutcome {}

    /**
     * The tenure goes on.
     *
     * @param number greater than every number given before for this lock
     */
    record Kept(long number) implements ReleaseOutcome {}

    /** The lock expires by itself. */
    record Expiring() implements ReleaseOutcome {}

    /** Another owner, or none, has the lock; nothing was changed. */
    record NotOwner() implements ReleaseOutcome {}
}
