package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.StageFailures;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

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

    /** Replies that will be the same next time. */
    private static final String[] NEVER = {"NOPERM", "NOAUTH", "WRONGPASS", "WRONGTYPE", "ERR fencing"};

    private static final String IN_SCRIPT = "ERR Error running script";

    /** Redis 6 begins so what a script was told and returned itself. */
    private static final String RETURNED_BY_SCRIPT = "@user_script: ";

    private static final Pattern REPLY = Pattern.compile("[A-Z]{2,} |@user_script");

    private CommandFailures() {}

    static LockStoreException of(Object command, Throwable failure) {
        Throwable cause = StageFailures.unwrap(failure);
        if (cause instanceof LockStoreException known) {
            return known;
        }
        if (says(cause, NEVER)) {
            return new LockStoreException(
                    "Redis refused " + command + ": " + cause.getMessage()
                            + ". Check the permissions of the Redis user (RedisLockStore lists them), and that nobody"
                            + " else uses keys under the prefix",
                    cause,
                    Outcome.REFUSED);
        }
        if (cause instanceof TimeoutException) {
            return new LockStoreException(
                    "Redis did not answer " + command + " in time. Is it reachable?", cause, Outcome.UNKNOWN);
        }
        String why = cause instanceof CancellationException ? "the connection was lost" : cause.getMessage();
        return new LockStoreException("Redis may or may not have run " + command + ": " + why, cause, Outcome.UNKNOWN);
    }

    static LockStoreException notSent(Object command, String why, @Nullable Throwable cause) {
        return new LockStoreException("Cannot send " + command + " to Redis: " + why, cause, Outcome.NOT_EXECUTED);
    }

    static String noConnection(Throwable failure) {
        return "no connection (" + why(failure) + ")";
    }

    /** Drivers and Spring Data say in the innermost cause what went wrong, and in the one around it with which server. */
    static String why(Throwable failure) {
        Throwable innermost = NestedExceptionUtils.getMostSpecificCause(failure);
        Throwable around = failure;
        for (Throwable cause = failure; cause != null && cause != innermost; cause = cause.getCause()) {
            around = cause;
        }
        String reason = String.valueOf(innermost.getMessage());
        String context = String.valueOf(around.getMessage());
        return context.contains(reason) ? context : context + ": " + reason;
    }

    /** Jedis connects when the first command is sent, and failed to, so that it cannot have sent anything. */
    static boolean couldNotConnect(Throwable failure) {
        return says(failure, "Failed to connect", "Could not get a resource from the pool");
    }

    /**
     * The driver did not write the command. Says nothing where the driver repeats commands by itself, in a cluster: it may
     * speak of the second copy.
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
        return failure instanceof IllegalStateException
                || NestedExceptionUtils.getMostSpecificCause(failure) instanceof NoSuchElementException;
    }

    /** Whether server or driver has said one of these, each of which is how a message begins. */
    static boolean says(@Nullable Throwable failure, String... codes) {
        return messages(failure).anyMatch(message -> Stream.of(codes).anyMatch(code -> begins(message, code)));
    }

    private static Stream<String> messages(@Nullable Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull);
    }

    /** At the beginning, or where Redis 6 reports what a command inside a script was told, raised or returned. */
    private static boolean begins(String message, String code) {
        return message.startsWith(code)
                || ((message.startsWith(IN_SCRIPT) || message.startsWith(RETURNED_BY_SCRIPT))
                        && (message.contains(": " + code) || message.contains(": -" + code)));
    }
}
