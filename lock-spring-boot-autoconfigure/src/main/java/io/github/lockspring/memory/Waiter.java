package io.github.lockspring.memory;

/**
 * How an owner waits, as of its newest request. Times in microseconds.
 *
 * @param listening whether grants reach it by message
 * @param pollInterval the longest time until it asks again
 * @param lease the lease it asks for
 * @param seenAt when it asked
 * @param passedOver whether it could have been granted the lock since it asked, but nobody listened for it
 */
record Waiter(boolean listening, long pollInterval, long lease, long seenAt, boolean passedOver) {

    /** Whether it has missed three polls. */
    boolean isDead(long now) {
        return now - this.seenAt > 3 * this.pollInterval;
    }

    Waiter whenPassedOver() {
        return new Waiter(this.listening, this.pollInterval, this.lease, this.seenAt, true);
    }
}
