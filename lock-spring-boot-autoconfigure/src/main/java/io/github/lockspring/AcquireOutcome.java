package io.github.lockspring;

import java.util.List;

/**
 * Answer to {@link LockStore#acquire}.
 *
 * @since 0.1
 */
public sealed interface AcquireOutcome {

    /**
     * The owner has the locks, with the lease it asked for.
     *
     * @param numbers for each full name a number greater than every one given before for that name; the basis of fencing
     *     tokens, below 2^52
     */
    record Acquired(List<Long> numbers) implements AcquireOutcome {

        /**
         * Returns the number of the first lock.
         *
         * @return the number
         */
        public long number() {
            return this.numbers.get(0);
        }
    }

    /**
     * Somebody else has the lock.
     *
     * @param holder who, and for how much longer
     * @param rank how many owners of the queue come before this one, -1 if it does not stand in the queue
     * @param stamp the store's clock in microseconds at the execution of this very command
     * @param passedOver whether this owner could have been granted the lock but its subscription was not to be seen: it
     *     goes on by polling
     */
    record Contended(LockHolder holder, int rank, long stamp, boolean passedOver) implements AcquireOutcome {}
}
