package io.github.lockspring.redis;

import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * Runs scripts through a driver. Never blocks its caller; connects when first needed. Every future fails because of a
 * {@link io.github.lockspring.LockStoreException}.
 */
interface RedisLink {

    /** What waits for what. */
    enum Lane {

        /** Commands of those who want something. */
        WANTING,

        /** Commands of those who have, or had, something: where the driver blocks, on threads of their own. */
        HAVING
    }

    CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane);

    /** Whether the keys are spread over several servers; known once connected, until then {@code false}. */
    boolean clustered();

    /**
     * Has a subscription that goes on by itself after a lost connection told of such losses. Where subscribing blocks, it
     * does so until the subscription is lost.
     */
    default void onSubscriptionLost(RedisConnection subscribed, Runnable listener) {}

    /** Has a thread that is blocked by its subscription return; closes the connection where subscribing does not block. */
    void endSubscription(RedisConnection subscribed);

    /** A server was reached by other means, so that it makes sense to try again. */
    void reachable();

    void close();

    /** Gives back a connection. What fails meanwhile says nothing about the commands that went before. */
    static void close(RedisConnection connection) {
        try {
            connection.close();
        } catch (RuntimeException ex) {
            LoggerFactory.getLogger(RedisLink.class).debug("A connection could not be closed", ex);
        }
    }
}
