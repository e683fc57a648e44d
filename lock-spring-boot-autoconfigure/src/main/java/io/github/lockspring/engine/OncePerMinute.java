package io.github.lockspring.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits what is said of a lock again and again; forgets a lock of which nothing has been said for a minute.
 * Thread-safe.
 */
final class OncePerMinute {

    static final long MINUTE = 60_000 * Nanos.MILLI;

    private final Map<String, Long> saidAt = new ConcurrentHashMap<>();

    /** Whether it is to be said now of a lock, which counts as said. */
    boolean isDue(String fullName, long now) {
        Long last = this.saidAt.get(fullName);
        if (last != null && now - last < MINUTE) {
            return false;
        }
        this.saidAt.values().removeIf(at -> now - at >= MINUTE);
        return this.saidAt.putIfAbsent(fullName, now) == null;
    }
}
