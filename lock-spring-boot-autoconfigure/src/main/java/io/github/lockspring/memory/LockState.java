package io.github.lockspring.memory;

import io.github.lockspring.LockHolder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One lock: who has it until when, and who waits for it. Guarded by {@link Locks}; times in microseconds. */
final class LockState {

    private @Nullable String owner;

    private long expiresAt;

    /** In order of arrival. */
    private final Map<String, Waiter> queue = new LinkedHashMap<>();

    /** Who has the lock, {@code null} if nobody has or the lease is over. */
    @Nullable String owner(long now) {
        return this.expiresAt - now > 0 ? this.owner : null;
    }

    boolean belongsTo(String owner, long now) {
        return owner.equals(owner(now));
    }

    @Nullable LockHolder holder(long now) {
        String holder = owner(now);
        return holder != null ? new LockHolder(holder, Micros.toDuration(this.expiresAt - now)) : null;
    }

    /** Whoever has the lock waits no more. */
    void give(String owner, long lease, long now) {
        this.queue.remove(owner);
        this.owner = owner;
        expireAfter(lease, now);
    }

    void expireAfter(long lease, long now) {
        this.expiresAt = now + lease;
    }

    void free() {
        this.owner = null;
    }

    /**
     * Has an owner stand in the queue, once, in the place it has if it stands there already.
     *
     * @return whether it was passed over since it asked before
     */
    boolean enqueue(String owner, Waiter waiter) {
        Waiter before = this.queue.put(owner, waiter);
        return before != null && before.passedOver();
    }

    boolean dequeue(String owner) {
        return this.queue.remove(owner) != null;
    }

    /** How many come before an owner in the queue, -1 if it does not stand there. */
    int rank(String owner) {
        int rank = 0;
        for (String waiting : this.queue.keySet()) {
            if (waiting.equals(owner)) {
                return rank;
            }
            rank++;
        }
        return -1;
    }

    @Nullable Waiter waiter(String owner) {
        return this.queue.get(owner);
    }

    /**
     * Finds the owner that has waited longest and can be granted the lock. Those who ask no more leave the queue;
     * listeners that no message reaches keep their place and are told with their next poll.
     *
     * @param caller the owner that is asking, which needs no message, or {@code null}
     */
    @Nullable String firstGrantable(@Nullable String caller, Predicate<String> reachable, long now) {
        removeDead(now);
        for (Map.Entry<String, Waiter> entry : this.queue.entrySet()) {
            String waiting = entry.getKey();
            if (waiting.equals(caller) || !entry.getValue().listening() || reachable.test(waiting)) {
                return waiting;
            }
            entry.setValue(entry.getValue().whenPassedOver());
        }
        return null;
    }

    /** Whether nothing needs to be remembered. */
    boolean isForgettable(long now) {
        return owner(now) == null && this.queue.isEmpty();
    }

    void removeDead(long now) {
        this.queue.values().removeIf(waiter -> waiter.isDead(now));
    }
}
