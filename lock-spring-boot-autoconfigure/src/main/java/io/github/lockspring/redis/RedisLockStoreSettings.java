package io.github.lockspring.redis;

import io.github.lockspring.LockOptions;
import java.time.Duration;

/**
 * Settings of a {@link RedisLockStore}.
 *
 * @param keyPrefix before every key and channel; if it has braces, they must form a hash tag, and all locks are then in
 *     one slot of a cluster
 * @param grantLease how long a lock is given to the owner that has waited longest until that owner has renewed it
 * @param pollInterval longest pause between two attempts to subscribe where messages cannot be received, at most the
 *     grant lease, so that a poll finds a grant whose message was lost before it expires
 * @param subscribe whether grants are received by messages; otherwise waiting requests poll
 * @param commandTimeout longest wait for one command: a command that could not even be sent within it, because there
 *     was no connection, is no longer sent
 * @param batchCommands whether commands that threads send at the same moment share one write to the socket, with
 *     Lettuce and one server
 * @since 0.1
 */
public record RedisLockStoreSettings(
        String keyPrefix,
        Duration grantLease,
        Duration pollInterval,
        boolean subscribe,
        Duration commandTimeout,
        boolean batchCommands) {

    /** Default key prefix. */
    public static final String DEFAULT_KEY_PREFIX = "lock:";

    /** Default grant lease in seconds. */
    public static final int DEFAULT_GRANT_LEASE_SECONDS = 2;

    /** Default poll interval in seconds. */
    public static final int DEFAULT_POLL_INTERVAL_SECONDS = 1;

    /** Whether grants are received by messages by default. */
    public static final boolean DEFAULT_SUBSCRIBE = true;

    /** Default command time-out in seconds. */
    public static final int DEFAULT_COMMAND_TIMEOUT_SECONDS = 2;

    /** Whether commands are batched by default. */
    public static final boolean DEFAULT_BATCH_COMMANDS = true;

    /** The default of every setting. */
    public static final RedisLockStoreSettings DEFAULTS = new RedisLockStoreSettings(
            DEFAULT_KEY_PREFIX,
            Duration.ofSeconds(DEFAULT_GRANT_LEASE_SECONDS),
            Duration.ofSeconds(DEFAULT_POLL_INTERVAL_SECONDS),
            DEFAULT_SUBSCRIBE,
            Duration.ofSeconds(DEFAULT_COMMAND_TIMEOUT_SECONDS),
            DEFAULT_BATCH_COMMANDS);

    /**
     * Creates settings.
     *
     * @param keyPrefix before every key and channel
     * @param grantLease how long a granted lock waits for its owner's renewal
     * @param pollInterval longest pause between two attempts to subscribe
     * @param subscribe whether grants are received by messages
     * @param commandTimeout longest wait for one command
     * @param batchCommands whether commands share writes to the socket
     * @throws IllegalArgumentException if a setting is out of range; the message names it
     */
    public RedisLockStoreSettings {
        checkKeyPrefix(keyPrefix);
        checkSpan("Grant lease", grantLease);
        checkSpan("Poll interval", pollInterval);
        checkSpan("Command time-out", commandTimeout);
        checkPollInterval(pollInterval, grantLease);
    }

    /**
     * Checks that a prefix does not keep the keys of one lock in different slots of a cluster.
     *
     * @param keyPrefix before every key and channel
     * @throws IllegalArgumentException if it has an opening brace, and no hash tag
     */
    public static void checkKeyPrefix(String keyPrefix) {
        int open = keyPrefix.indexOf('{');
        if (open >= 0 && keyPrefix.indexOf('}', open) <= open + 1) {
            throw new IllegalArgumentException("Key prefix '" + keyPrefix
                    + "' has an opening brace without a hash tag, so the keys of one lock would be in different"
                    + " slots of a cluster: remove the braces, or write one complete tag such as '{shop}:lock:'");
        }
    }

    /**
     * Checks that a poll finds a grant whose message was lost before that grant expires.
     *
     * @param pollInterval longest time between two polls
     * @param grantLease how long a granted lock waits for its owner's renewal
     * @throws IllegalArgumentException if the poll interval is longer than the grant lease
     */
    public static void checkPollInterval(Duration pollInterval, Duration grantLease) {
        if (pollInterval.compareTo(grantLease) > 0) {
            throw new IllegalArgumentException("Poll interval " + pollInterval + " is longer than grant lease "
                    + grantLease + ": a lock whose grant message is lost would expire before a poll finds it; use a"
                    + " shorter poll interval, or a longer grant lease");
        }
    }

    /**
     * Checks that a time is from one millisecond to {@link LockOptions#MAX_LEASE_TIME}.
     *
     * @param what the name of the time, for the message
     * @param duration the time
     * @throws IllegalArgumentException if it is out of range
     */
    public static void checkSpan(String what, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(what + " " + duration + " is too short: use 1 ms or more");
        }
        if (duration.compareTo(LockOptions.MAX_LEASE_TIME) > 0) {
            throw new IllegalArgumentException(what + " " + duration + " is too long: use "
                    + LockOptions.MAX_LEASE_TIME.toDays() + " days or less");
        }
    }
}
