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
 * Says what is known about a command that failed. Error replies are told by their text: drivers and Spring Data wrap
 * them in different types, but keep what Redis said. No reply proves that nothing was executed: drivers repeat commands
 * after a reconnection, so that it may answer the second copy of a command whose first copy was executed.
 */
final class CommandFailures {

    /** What Lettuce says about commands that it was not willing to write. */
    private static final String[] NOT_WRITTEN = {
        LettucePipeline.CLOSED, "Currently not connected", "Request queue size exceeded", "Command buffer size exceeded"
    };

    /** What drivers say where no server can be reached, beside the exceptions of the JDK. */
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
     * Says what became of a command that failed.
     *
     * @param clustered whether the driver looks for the servers of a cluster by itself: it may have been sent around
     *     for too long, which passes
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

    /** Several keys were refused as a whole, in whatever words: each of them may be accepted by itself. */
    static boolean isRefusalOfSeveral(Throwable failure) {
        return ServerRefusal.of(failure) != null || says(failure, "ERR ", "TRYAGAIN");
    }

    static String noConnection(Throwable failure) {
        return "no connection (" + why(failure) + ")";
    }

    /**
     * Drivers and Spring Data say in the innermost cause what went wrong, and in the one around it with which server.
     */
    static String why(Throwable failure) {
        Throwable innermost = NestedExceptionUtils.getMostSpecificCause(failure);
        Throwable around = failure;
        for (Throwable cause = failure; cause != null && cause != innermost; cause = cause.getCause()) {
            around = cause;
        }
        String reason = String.valueOf(innermost.getMessage());
        if (innermost.getSuppressed().length > 0) {
            // what the first of several servers said
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

    /** No connection could be made, or none is accepted: whatever else is tried, it fails, too. */
    static boolean isUnreachable(Throwable failure) {
        ServerRefusal refusal = ServerRefusal.of(failure);
        if (refusal != null || ConnectionPool.isExhausted(failure)) {
            return refusal != null && refusal.isOfConnecting();
        }
        return says(failure, UNREACHABLE)
                || NestedExceptionUtils.getMostSpecificCause(failure) instanceof UnknownHostException;
    }

    /**
     * The driver did not write the command. Says nothing where the driver repeats commands by itself, in a cluster: it
     * may speak of the second copy.
     */
    static boolean isNotWritten(Throwable failure) {
        return says(failure, NOT_WRITTEN);
    }

    /** The server has answered, if only by an error: a word in capitals, and what is to be said. */
    static boolean isReply(Throwable failure) {
        return !(NestedExceptionUtils.getMostSpecificCause(failure) instanceof IOException)
                && messages(failure).anyMatch(message -> REPLY.matcher(message).lookingAt());
    }

    /** The factory is stopped, or all connections of its pool are in use, which says nothing about the server. */
    static boolean isLocal(Throwable failure) {
        return failure instanceof IllegalStateException || ConnectionPool.isExhausted(failure);
    }

    /** Whether server or driver has said one of these, each of which is how what it says begins. */
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
