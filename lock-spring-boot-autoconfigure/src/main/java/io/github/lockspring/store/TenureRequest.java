package io.github.lockspring.store;

import java.time.Duration;

/**
 * Asks a {@link LockStore} for a tenure. Immutable; later versions may ask for more, with defaults that mean what a
 * request without them means today.
 *
 * @since 0.1
 */
public final class TenureRequest {

    private final TenureId tenure;

    private final Duration lease;

    private final boolean fair;

    private final boolean mayQueue;

    private final boolean listening;

    private final Duration pollInterval;

    private final Duration waited;

    private TenureRequest(Builder builder) {
        this.tenure = builder.tenure;
        this.lease = builder.lease;
        this.fair = builder.fair;
        this.mayQueue = builder.mayQueue;
        this.listening = builder.listening;
        this.pollInterval = builder.pollInterval;
        this.waited = builder.waited;
    }

    /**
     * Begins a request for a lock that is taken if it is free: not fair, not queueing, without messages.
     *
     * @param tenure which locks, for whom
     * @param lease time to live of the lock from the moment it is acquired
     * @return the rest of the request
     */
    public static Builder of(TenureId tenure, Duration lease) {
        return new Builder(tenure, lease);
    }

    /**
     * Returns which locks are asked for, and by whom.
     *
     * @return locks and owner
     */
    public TenureId tenure() {
        return this.tenure;
    }

    /**
     * Returns the time to live of the lock from the moment it is acquired.
     *
     * @return the lease
     */
    public Duration lease() {
        return this.lease;
    }

    /**
     * Returns whether the lock goes strictly to the owner that queued first; otherwise to the one that finds it free.
     *
     * @return whether the request is fair
     */
    public boolean fair() {
        return this.fair;
    }

    /**
     * Returns whether the owner waits in the queue if it cannot have the lock at once.
     *
     * @return whether it may queue
     */
    public boolean mayQueue() {
        return this.mayQueue;
    }

    /**
     * Returns whether grants reach this process by message; otherwise only its polls find them.
     *
     * @return whether it listens
     */
    public boolean listening() {
        return this.listening;
    }

    /**
     * Returns the longest time until this owner asks again while it waits.
     *
     * @return the poll interval
     */
    public Duration pollInterval() {
        return this.pollInterval;
    }

    /**
     * Returns how long this owner has waited already, by the clock of its process. Its place in the queue is that of an
     * owner that came so long ago, also where the store has never heard of it, or has forgotten it.
     *
     * @return the time waited, zero for a request that is new
     */
    public Duration waited() {
        return this.waited;
    }

    @Override
    public String toString() {
        return "request of " + this.tenure + " for " + this.lease + (this.fair ? ", fair" : "")
                + (this.mayQueue ? ", may queue, waited " + this.waited : "") + (this.listening ? ", listening" : "");
    }

    /** The parts of a request that have defaults. Not thread-safe. */
    public static final class Builder {

        private final TenureId tenure;

        private final Duration lease;

        private boolean fair;

        private boolean mayQueue;

        private boolean listening;

        private Duration pollInterval = Duration.ofSeconds(1);

        private Duration waited = Duration.ZERO;

        private Builder(TenureId tenure, Duration lease) {
            this.tenure = tenure;
            this.lease = lease;
        }

        /**
         * Sets {@link TenureRequest#fair()}, {@code false} by default.
         *
         * @param fair whether the request is fair
         * @return this
         */
        public Builder fair(boolean fair) {
            this.fair = fair;
            return this;
        }

        /**
         * Sets {@link TenureRequest#mayQueue()}, {@code false} by default.
         *
         * @param mayQueue whether the owner waits in the queue
         * @return this
         */
        public Builder mayQueue(boolean mayQueue) {
            this.mayQueue = mayQueue;
            return this;
        }

        /**
         * Sets {@link TenureRequest#listening()}, {@code false} by default.
         *
         * @param listening whether grants reach this process by message
         * @return this
         */
        public Builder listening(boolean listening) {
            this.listening = listening;
            return this;
        }

        /**
         * Sets {@link TenureRequest#pollInterval()}, one second by default.
         *
         * @param pollInterval the longest time until this owner asks again
         * @return this
         */
        public Builder pollInterval(Duration pollInterval) {
            this.pollInterval = pollInterval;
            return this;
        }

        /**
         * Sets {@link TenureRequest#waited()}, zero by default.
         *
         * @param waited how long this owner has waited already
         * @return this
         */
        public Builder waited(Duration waited) {
            this.waited = waited;
            return this;
        }

        /**
         * Completes the request.
         *
         * @return the request
         */
        public TenureRequest build() {
            return new TenureRequest(this);
        }
    }
}
