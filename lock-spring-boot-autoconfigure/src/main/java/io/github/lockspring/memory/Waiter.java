package io.github.lockspring.memory;

/**
 * How an owner waits, as of its newest request. Times in microseconds.
 *
 * @param owner the owner
 * @param since when it began to wait
 * @param listening whether grants reach it by message
 * @param pollInterval the longest time until it asks again
 * @param lease the lease it asks for
 * @param seenAt when it asked
 * @param passedOver whether it could have been granted the lock since it asked, but had no listener
 */
record Waiter(
        String owner, long since, boolean listening, long pollInterval, long lease, long seenAt, boolean passedOver) {

    /** Whether it has missed three polls, of those that it could make since the process resumed. */
    boolean isDead(long resumedAt, long now) {
        return now - Math.max(this.seenAt, resumedAt) > 3 * this.pollInterval;
    }

    /** Asking again never loses the place in the queue. */
    Waiter waitingSince(long other) {
        return new Waiter(
                this.owner,
                Math.min(this.since, other),
                this.listening,
                this.pollInterval,
                this.lease,
                this.seenAt,
                this.passedOver);
    }

    Waiter whenPassedOver() {
        return new Waiter(this.owner, this.since, this.listening, this.pollInterval, this.lease, this.seenAt, true);
    }
}
