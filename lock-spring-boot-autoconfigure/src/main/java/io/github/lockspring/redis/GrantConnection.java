package io.github.lockspring.redis;

import java.util.concurrent.CompletableFuture;

/** A connection for one subscription, and of no other use. */
interface GrantConnection {

    /**
     * Subscribes. Where the driver blocks, this returns when the subscription is over; where it does not, the receiver
     * is told when that is lost.
     *
     * @param receiver told of the confirmation, too
     */
    void subscribe(byte[] channel, GrantReceiver receiver);

    /** Whether there is a subscription that can be ended. */
    boolean isSubscribed();

    /**
     * Ends the subscription, so that a thread that is blocked by it returns. To be called once; does not block.
     *
     * @return completed when the connection needs no driver any more
     */
    CompletableFuture<Void> end();

    /** Gives the connection back, where there is no subscription; may block. */
    void close();
}
