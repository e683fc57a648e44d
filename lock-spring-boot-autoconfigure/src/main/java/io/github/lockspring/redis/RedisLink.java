package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * Runs scripts through a driver. Never blocks its caller; connects when first needed. Every future fails because of a
 * {@link io.github.lockspring.LockStoreException}.
 */
interface RedisLink {

    /** How the names of the threads of all links begin. */
    String THREADS = DaemonThreads.PREFIX + "redis-";

    /** The priorities of commands. */
    enum Lane {

        /** Commands of owners that request something. */
        WANTING,

        /** Commands of owners that have, or had, something: if the driver blocks, on threads of their own. */
        HAVING
    }

    CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane);

    /** Whether the keys are spread over several servers; known once connected, until then {@code false}. */
    boolean clustered();

    /** Whether commands of the same moment share a connection; otherwise each takes one. */
    default boolean sharesConnections() {
        return false;
    }

    /** A name for the server of a cluster that has the keys of a call; null if it is not known. */
    default @Nullable String serverOf(ScriptCall call) {
        return null;
    }

    /** Opens a connection for the subscription; may block. */
    GrantConnection connectReceiver();

    /**
     * Whether a thread serves the store, so that answers wait as long as it is blocked. Never throws, and is cheap.
     *
     * @param thread the current thread
     */
    default boolean mustNotBlock(Thread thread) {
        return thread.getName().startsWith(THREADS);
    }

    /** A server was reached by other means, so that it makes sense to try again. */
    void reachable();

    /** No server could be reached by other means, or none accepts a connection: logs what that means. */
    void unreachable(Throwable failure);

    void close();

    /** Returns a connection. A failure does not mean anything for earlier commands. */
    static void close(RedisConnection connection) {
        try {
            connection.close();
        } catch (RuntimeException ex) {
            LoggerFactory.getLogger(RedisLink.class).debug("A connection could not be closed", ex);
        }
    }
}
