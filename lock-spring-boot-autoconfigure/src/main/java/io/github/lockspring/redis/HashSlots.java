package io.github.lockspring.redis;

import java.nio.charset.StandardCharsets;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;

/** In which slot a cluster keeps a key. */
final class HashSlots {

    static final int COUNT = ClusterSlotHashUtil.SLOT_COUNT;

    private HashSlots() {}

    static int of(byte[] key) {
        return ClusterSlotHashUtil.calculateSlot(key);
    }

    static int of(String key) {
        return of(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a tag that follows this prefix, or else one inside it, decides about the slot. */
    static boolean splitsNothing(String prefix) {
        int open = prefix.indexOf('{');
        return open < 0 || prefix.indexOf('}', open) > open + 1;
    }
}
