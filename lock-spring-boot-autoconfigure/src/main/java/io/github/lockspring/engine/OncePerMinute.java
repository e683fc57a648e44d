package io.github.lockspring.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Limits repeated messages about a lock; forgets a lock that has had no message for a minute. Thread-safe. */
final class OncePerMinute {

    static final long MINUTE = 60_000 * Nanos.MILLI;

    private final Map<String, Long> saidAt = new ConcurrentHashMap<>();

    /** Whether to log a message about a lock now; if so, it counts as logged. */
    boolean isDue(String fullName, long now) {
        Long last = this.saidAt.get(fullName);
        if (last != null && now - last < MINUTE) {
            return false;
        }
        this.saidAt.values().removeIf(at -> now - at >= MINUTE);
        return this.saidAt.putIfAbsent(fullName, now) == null;
    }
}
