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

    /** Another owner has the lock. Immutable; made by {@link #by}, and what is not said is not known. */
    final class Contended implements AcquireOutcome {

        private final LockHolder holder;

        private final int rank;

        private final long serverTimeMicros;

        private final boolean passedOver;

        private Contended(LockHolder holder, int rank, long serverTimeMicros, boolean passedOver) {
            this.holder = holder;
            this.rank = rank;
            this.serverTimeMicros = serverTimeMicros;
            this.passedOver = passedOver;
        }

        /**
         * Answers with the holder.
         *
         * @param holder who has the lock, and for how much longer
         * @param serverTimeMicros the store's clock in microseconds at the execution of this very command
         * @return an answer to an owner that does not stand in the queue
         */
        public static Contended by(LockHolder holder, long serverTimeMicros) {
            return new Contended(holder, -1, serverTimeMicros, false);
        }

        /**
         * Says that the owner stands in the queue.
         *
         * @param rank how many owners of the queue come before it; -1 if it does not stand in the queue
         * @return the changed answer
         */
        public Contended rank(int rank) {
            return new Contended(this.holder, rank, this.serverTimeMicros, this.passedOver);
        }

        /**
         * Says that this owner could have been granted the lock but its subscription was not to be seen: it goes on by
         * polling.
         *
         * @param passedOver whether that was so
         * @return the changed answer
         */
        public Contended passedOver(boolean passedOver) {
            return new Contended(this.holder, this.rank, this.serverTimeMicros, passedOver);
        }

        /**
         * Returns who has the lock, and for how much longer.
         *
         * @return the holder
         */
        public LockHolder holder() {
            return this.holder;
        }

        /**
         * Returns how many owners of the queue come before this one.
         *
         * @return the rank, -1 if it does not stand in the queue
         */
        public int rank() {
            return this.rank;
        }

        /**
         * Returns the store's clock at the execution of this very command.
         *
         * @return microseconds
         */
        public long serverTimeMicros() {
            return this.serverTimeMicros;
        }

        /**
         * Returns whether the owner's subscription was not to be seen when it could have been granted the lock.
         *
         * @return whether it was passed over
         */
        public boolean passedOver() {
            return this.passedOver;
        }

        @Override
        public String toString() {
            return "contended by " + this.holder + ", rank " + this.rank + (this.passedOver ? ", passed over" : "");
        }
    }
}
