package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.StageFailures;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.StringUtils;

/**
 * Determines what is known about a command that failed. Error replies are recognized by their text: drivers and Spring
 * Data wrap them in different types, but keep what Redis said. No reply proves that nothing was executed: drivers
 * repeat commands after a reconnection, so that it may answer the second copy of a command whose first copy was
 * executed.
 */
final class CommandFailures {

    /** Messages of Lettuce about commands that it refused to write. */
    private static final String[] NOT_WRITTEN = {
        LettucePipeline.CLOSED, "Currently not connected", "Request queue size exceeded", "Command buffer size exceeded"
    };

    /** Messages of drivers when no server can be reached, in addition to the exceptions of the JDK. */
    private static final String[] UNREACHABLE = {
        "Unable to connect",
        "Failed to connect",
        "Cannot connect",
        "Cannot obtain initial Redis Cluster topology",
        "Cannot retrieve initial cluster partitions",
        "Could not initialize cluster slots cache",
        "All sentinels down"
    };

    private static final Pattern REPLY = Pattern.compile("[A-Z]{2,} |@user_script");

    private CommandFailures() {}

    /**
     * Determines what happened to a command that failed.
     *
     * @param clustered whether the driver finds the servers of a cluster itself: a command may have been redirected for
     *     too long, which is temporary
     */
    static LockStoreException of(Object command, Throwable failure, boolean clustered) {
        Throwable cause = StageFailures.unwrap(failure);
        if (cause instanceof LockStoreException known) {
            return known;
        }
        ServerRefusal refusal = ServerRefusal.of(cause);
        boolean sentAround = clustered && refusal == ServerRefusal.CLUSTER;
        if (refusal != null && !sentAround) {
            return refused(command, why(cause), refusal, cause);
        }
        if (cause instanceof TimeoutException) {
            return new LockStoreException(
                    "Redis did not answer " + command + " in time. Is it reachable?", cause, Outcome.UNKNOWN);
        }
        String why = cause instanceof CancellationException ? "the connection was lost" : cause.getMessage();
        return new LockStoreException("Redis may or may not have run " + command + ": " + why, cause, Outcome.UNKNOWN);
    }

    /** It may work a moment later, unless the cause is that the server refuses the connection. */
    static LockStoreException notSent(Object command, String why, @Nullable Throwable cause) {
        ServerRefusal refusal = ServerRefusal.of(cause);
        return refusal != null
                ? refused(command, why, refusal, cause)
                : new LockStoreException("Cannot send " + command + " to Redis: " + why, cause, Outcome.NOT_EXECUTED);
    }

    static LockStoreException refused(Object command, String why, ServerRefusal refusal, @Nullable Throwable cause) {
        String said = StringUtils.trimTrailingCharacter(why.strip(), '.');
        return new LockStoreException(
                "Redis refused " + command + ": " + said + ". " + refusal.remedy(), cause, Outcome.REFUSED);
    }

    /** A call with several keys was refused, with any message: each of the keys may be accepted on its own. */
    static boolean isRefusalOfSeveral(Throwable failure) {
        return ServerRefusal.of(failure) != null || says(failure, "ERR ", "TRYAGAIN");
    }

    static String noConnection(Throwable failure) {
        return "no connection (" + why(failure) + ")";
    }

    /** The innermost cause of drivers and Spring Data contains the error, and the one around it the server. */
    static String why(Throwable failure) {
        Throwable innermost = NestedExceptionUtils.getMostSpecificCause(failure);
        Throwable around = failure;
        for (Throwable cause = failure; cause != null && cause != innermost; cause = cause.getCause()) {
            around = cause;
        }
        String reason = String.valueOf(innermost.getMessage());
        if (innermost.getSuppressed().length > 0) {
            // the answer of the first of several servers
            reason = joined(reason, why(innermost.getSuppressed()[0]));
        }
        String context = String.valueOf(around.getMessage());
        return joined(context, reason);
    }

    private static String joined(String context, String reason) {
        return context.contains(reason) ? context : reason.contains(context) ? reason : context + ": " + reason;
    }

    /** Jedis connects when the first command is sent, and failed to, so that it cannot have sent anything. */
    static boolean couldNotConnect(Throwable failure) {
        return says(
                failure, "Failed to connect", "Could not get a resource from the pool", "ERR max number of clients");
    }

    /** No connection could be made, or none is accepted: every other attempt fails, too. */
    static boolean isUnreachable(Throwable failure) {
        ServerRefusal refusal = ServerRefusal.of(failure);
        if (refusal != null || ConnectionPool.isExhausted(failure)) {
            return refusal != null && refusal.isOfConnecting();
        }
        return says(failure, UNREACHABLE)
                || NestedExceptionUtils.getMostSpecificCause(failure) instanceof UnknownHostException;
    }

    /**
     * The driver did not write the command. Does not prove anything if the driver repeats commands itself, in a
     * cluster: it may refer to the second copy.
     */
    static boolean isNotWritten(Throwable failure) {
        return says(failure, NOT_WRITTEN);
    }

    /** The server has answered, possibly with an error: a word in capitals, followed by the message. */
    static boolean isReply(Throwable failure) {
        return !(NestedExceptionUtils.getMostSpecificCause(failure) instanceof IOException)
                && messages(failure).anyMatch(message -> REPLY.matcher(message).lookingAt());
    }

    /**
     * The factory is stopped, or all connections of its pool are in use, which does not mean anything for the state of
     * the server.
     */
    static boolean isLocal(Throwable failure) {
        return failure instanceof IllegalStateException || ConnectionPool.isExhausted(failure);
    }

    /** Whether a message of the server or the driver begins with one of these. */
    static boolean says(@Nullable Throwable failure, String... codes) {
        return messages(failure)
                .map(ServerRefusal::reply)
                .anyMatch(reply -> Stream.of(codes).anyMatch(reply::startsWith));
    }

    static Stream<String> messages(@Nullable Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull);
    }
}
