package io.github.lockspring.store;

import java.time.Duration;

/**
 * Asks a {@link LockStore} for a tenure. Made by {@link #of} and the methods that change one part of it, not by the
 * canonical constructor: later versions may add components, with defaults that correspond to a request without them.
 * Code that only reads a request is not affected by that.
 *
 * @param tenure which locks are requested, and for which owner
 * @param lease time to live of the lock from the moment it is acquired
 * @param fair whether the lock goes strictly to the owner that queued first; otherwise to the one that finds it free
 * @param mayQueue whether the owner waits in the queue if it cannot have the lock immediately
 * @param listening whether grants reach this process by message; otherwise only its polls find them
 * @param pollInterval the longest time until this owner asks again while it waits
 * @param waited how long this owner has waited already, by the clock of its process; zero for a request that is new.
 *     Its place in the queue is that of an owner that came so long ago, even if the store does not know it, or no
 *     longer does
 * @since 0.1
 */
public record TenureRequest(
        TenureId tenure,
        Duration lease,
        boolean fair,
        boolean mayQueue,
        boolean listening,
        Duration pollInterval,
        Duration waited) {

    /**
     * Asks for a lock that is taken if it is free: not fair, not queueing, without messages, with a poll interval of
     * one second, new.
     *
     * @param tenure which locks, for whom
     * @param lease time to live of the lock from the moment it is acquired
     * @return the request
     */
    public static TenureRequest of(TenureId tenure, Duration lease) {
        return new TenureRequest(tenure, lease, false, false, false, Duration.ofSeconds(1), Duration.ZERO);
    }

    /**
     * Changes {@link #fair()}.
     *
     * @param fair whether the request is fair
     * @return the changed request
     */
    public TenureRequest fair(boolean fair) {
        return new TenureRequest(
                this.tenure, this.lease, fair, this.mayQueue, this.listening, this.pollInterval, this.waited);
    }

    /**
     * Changes {@link #mayQueue()}.
     *
     * @param mayQueue whether the owner waits in the queue
     * @return the changed request
     */
    public TenureRequest mayQueue(boolean mayQueue) {
        return new TenureRequest(
                this.tenure, this.lease, this.fair, mayQueue, this.listening, this.pollInterval, this.waited);
    }

    /**
     * Changes {@link #listening()}.
     *
     * @param listening whether grants reach this process by message
     * @return the changed request
     */
    public TenureRequest listening(boolean listening) {
        return new TenureRequest(
                this.tenure, this.lease, this.fair, this.mayQueue, listening, this.pollInterval, this.waited);
    }

    /**
     * Changes {@link #pollInterval()}.
     *
     * @param pollInterval the longest time until this owner asks again
     * @return the changed request
     */
    public TenureRequest pollInterval(Duration pollInterval) {
        return new TenureRequest(
                this.tenure, this.lease, this.fair, this.mayQueue, this.listening, pollInterval, this.waited);
    }

    /**
     * Changes {@link #waited()}.
     *
     * @param waited how long this owner has waited already
     * @return the changed request
     */
    public TenureRequest waited(Duration waited) {
        return new TenureRequest(
                this.tenure, this.lease, this.fair, this.mayQueue, this.listening, this.pollInterval, waited);
    }
}
