package io.github.lockspring.store;

import io.github.lockspring.LockHolder;
import java.util.List;

/**
 * Answer to {@link LockStore#acquire}.
 *
 * @since 0.1
 */
public sealed interface AcquireOutcome {

    /**
     * The owner has the locks, with the lease it asked for or a longer one.
     *
     * @param numbers for each full name a number greater than every one given before for that name; the basis of
     *     fencing tokens, below 2^52
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
     * Another owner has the lock. Made by {@link #by} and the methods that change one part of it, not by the canonical
     * constructor: later versions may add components. Code that only reads an answer is not affected by that.
     *
     * @param holder who has the lock, and for how much longer
     * @param serverTimeMicros the store's clock in microseconds at the execution of this very command
     * @param rank how many owners of the queue come before this one; -1 if it is not in the queue
     * @param passedOver whether this owner could have been granted the lock but its subscription was not visible: it
     *     continues by polling
     */
    record Contended(LockHolder holder, long serverTimeMicros, int rank, boolean passedOver) implements AcquireOutcome {

        /**
         * Answers with the holder.
         *
         * @param holder who has the lock, and for how much longer
         * @param serverTimeMicros the store's clock in microseconds at the execution of this very command
         * @return an answer to an owner that is not in the queue
         */
        public static Contended by(LockHolder holder, long serverTimeMicros) {
            return new Contended(holder, serverTimeMicros, -1, false);
        }

        /**
         * Changes {@link #rank()}.
         *
         * @param rank how many owners of the queue come before this one
         * @return the changed answer
         */
        public Contended rank(int rank) {
            return new Contended(this.holder, this.serverTimeMicros, rank, this.passedOver);
        }

        /**
         * Changes {@link #passedOver()}.
         *
         * @param passedOver whether this owner was passed over
         * @return the changed answer
         */
        public Contended passedOver(boolean passedOver) {
            return new Contended(this.holder, this.serverTimeMicros, this.rank, passedOver);
        }
    }
}
