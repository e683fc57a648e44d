package io.github.lockspring.redis;

import java.time.Duration;

/**
 * Settings of a {@link RedisLockStore}.
 *
 * @param keyPrefix before every key and channel, {@code lock:} by default; if it has braces, they must form a hash tag,
 *     and all locks are then in one slot of a cluster
 * @param grantLease how long a lock is given to the owner that has waited longest until that owner has renewed it, 2 s
 *     by default
 * @param pollInterval longest pause between two attempts to subscribe where messages cannot be received, 1 s by default
 * @param subscribe whether grants are received by messages, true by default; otherwise waiting requests poll
 * @param commandTimeout longest wait for one command, 2 s by default: a command that could not even be sent within it,
 *     for want of a connection, is not sent any more
 * @since 0.1
 */
public record RedisLockStoreSettings(
        String keyPrefix, Duration grantLease, Duration pollInterval, boolean subscribe, Duration commandTimeout) {

    /** The default of every setting. */
    public static final RedisLockStoreSettings DEFAULTS = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(2));

    /**
     * Creates settings.
     *
     * @param keyPrefix before every key and channel
     * @param grantLease how long a granted lock waits for its owner's renewal
     * @param pollInterval longest pause between two attempts to subscribe
     * @param subscribe whether grants are received by messages
     * @param commandTimeout longest wait for one command
     * @throws IllegalArgumentException if a setting is out of range; the message names it
     */
    public RedisLockStoreSettings {
        if (!HashSlots.splitsNothing(keyPrefix)) {
            throw new IllegalArgumentException("Key prefix '" + keyPrefix
                    + "' has an opening brace without a hash tag, so that the keys of one lock would be in different"
                    + " slots of a cluster: leave braces out, or write one complete tag such as '{shop}:lock:'");
        }
        requireMillis("Grant lease", grantLease);
        requireMillis("Poll interval", pollInterval);
        requireMillis("Command time-out", commandTimeout);
    }

    private static void requireMillis(String what, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(what + " " + duration + " is too short: use 1 ms or more");
        }
    }
}
