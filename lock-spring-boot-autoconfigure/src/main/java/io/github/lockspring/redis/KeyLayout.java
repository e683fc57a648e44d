package io.github.lockspring.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;

/**
 * Names of keys and channels, and the value of a lock. All keys of one lock share a slot, whose counter is one of them.
 */
final class KeyLayout {

    /**
     * Layout version before the owner in the value of a lock; a value without it belongs to an unknown owner, but holds
     * the lock.
     */
    private static final String VERSION = "1:";

    private final String prefix;

    private final byte[] channelPrefix;

    KeyLayout(String prefix) {
        this.prefix = prefix;
        this.channelPrefix = bytes(prefix + "grants:");
    }

    /** The lock alone. */
    byte[][] lockKey(String fullName) {
        return new byte[][] {bytes(lock(fullName))};
    }

    /** The lock, its queue, when those in the queue were last seen, and the fencing counter of their slot. */
    byte[][] allKeys(String fullName) {
        String lock = lock(fullName);
        byte[] key = bytes(lock);
        String fence = this.prefix + "fence:{" + SlotTags.of(ClusterSlotHashUtil.calculateSlot(key)) + '}';
        return new byte[][] {key, bytes(lock + ":queue"), bytes(lock + ":seen"), bytes(fence)};
    }

    /** A key in name only, for a script that touches none. */
    byte[][] keyOfSlot(int slot) {
        return lockKey(SlotTags.of(slot));
    }

    private String lock(String fullName) {
        if (fullName.isEmpty() || fullName.indexOf('{') >= 0 || fullName.indexOf('}') >= 0) {
            throw new IllegalArgumentException("Full name '" + fullName
                    + "' is empty or contains braces, which would split a cluster slot: build it with LockName");
        }
        return this.prefix + '{' + fullName + '}';
    }

    /** The full name of a lock from its key. */
    String fullNameOf(String lockKey) {
        return lockKey.substring(this.prefix.length() + 1, lockKey.length() - 1);
    }

    boolean isLockKey(String key) {
        return key.length() > this.prefix.length() + 2 && key.startsWith(this.prefix + '{') && key.endsWith("}");
    }

    byte[] channelPrefix() {
        return this.channelPrefix;
    }

    byte[] channel(String client) {
        return bytes(this.prefix + "grants:" + client);
    }

    byte[] value(String owner) {
        return bytes(VERSION + owner);
    }

    /** Whom a value names; an unknown value speaks for itself. */
    String ownerOf(String value) {
        return value.startsWith(VERSION) ? value.substring(VERSION.length()) : value;
    }

    static byte[] millis(Duration duration) {
        return bytes(Long.toString(Math.max(1, duration.toMillis())));
    }

    static byte[] micros(Duration duration) {
        return bytes(Long.toString(TimeUnit.MICROSECONDS.convert(duration)));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
