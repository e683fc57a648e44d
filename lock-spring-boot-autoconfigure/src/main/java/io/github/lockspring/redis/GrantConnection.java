package io.github.lockspring.redis;

import java.util.concurrent.CompletableFuture;

/** A connection for one subscription, and of no other use. */
interface GrantConnection {

    /**
     * Subscribes. If the driver blocks, this returns when the subscription is over; otherwise, the receiver is notified
     * when the subscription is lost.
     *
     * @param receiver notified of the confirmation, too
     */
    void subscribe(byte[] channel, GrantReceiver receiver);

    /** Whether there is a subscription that can be ended. */
    boolean isSubscribed();

    /**
     * Ends the subscription, so that a thread that is blocked by it returns. Must be called once; does not block.
     *
     * @return completed when the connection no longer needs the driver
     */
    CompletableFuture<Void> end();

    /** Returns the connection, if there is no subscription; may block. */
    void close();
}
