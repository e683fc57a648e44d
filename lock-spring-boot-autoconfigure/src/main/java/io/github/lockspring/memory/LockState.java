package io.github.lockspring.memory;

import io.github.lockspring.LockHolder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One lock: who has it until when, and who waits for it. Guarded by {@link Locks}; times in microseconds. */
final class LockState {

    private @Nullable String owner;

    private long expiresAt;

    /** The owner that has waited longest comes first. */
    private final List<Waiter> queue = new ArrayList<>();

    /**
     * While owners live, one of them asks every poll interval. If none has asked until this time, the process was
     * probably suspended, and no owner could ask.
     */
    private long dueAt = Long.MAX_VALUE;

    /** When the process last resumed: absence counts from then on. */
    private long resumedAt = Long.MIN_VALUE;

    /** Who has the lock, {@code null} if no owner has it or the lease is over. */
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

    /** The owner of the lock no longer waits. A lease that the owner already has is never shortened. */
    void give(String owner, long lease, long now) {
        long left = belongsTo(owner, now) ? this.expiresAt - now : 0;
        dequeue(owner);
        this.owner = owner;
        expireAfter(Math.max(left, lease), now);
    }

    void expireAfter(long lease, long now) {
        this.expiresAt = now + lease;
    }

    void free() {
        this.owner = null;
    }

    /**
     * Puts an owner into the queue, once, no further back than its present place.
     *
     * @return whether it was passed over since it asked before
     */
    boolean enqueue(Waiter waiter) {
        noticeSilence(waiter.seenAt());
        this.dueAt = waiter.seenAt() + 2 * waiter.pollInterval();
        Waiter before = waiter(waiter.owner());
        if (before == null) {
            this.queue.add(waiter);
        } else {
            this.queue.set(rank(waiter.owner()), waiter.waitingSince(before.since()));
        }
        this.queue.sort(Comparator.comparingLong(Waiter::since));
        return before != null && before.passedOver();
    }

    boolean dequeue(String owner) {
        return this.queue.removeIf(waiter -> waiter.owner().equals(owner));
    }

    /** How many owners precede an owner in the queue, -1 if it is not in the queue. */
    int rank(String owner) {
        for (int i = 0; i < this.queue.size(); i++) {
            if (this.queue.get(i).owner().equals(owner)) {
                return i;
            }
        }
        return -1;
    }

    @Nullable Waiter waiter(String owner) {
        int rank = rank(owner);
        return rank >= 0 ? this.queue.get(rank) : null;
    }

    /**
     * Finds the owner that has waited longest and can be granted the lock. Owners that no longer ask leave the queue;
     * listeners that no message reaches keep their place and learn it from their next poll.
     *
     * @param caller the owner that is asking, which needs no message, or {@code null}
     */
    @Nullable String firstGrantable(@Nullable String caller, Predicate<String> reachable, long now) {
        removeDead(now);
        for (int i = 0; i < this.queue.size(); i++) {
            Waiter waiter = this.queue.get(i);
            if (waiter.owner().equals(caller) || !waiter.listening() || reachable.test(waiter.owner())) {
                return waiter.owner();
            }
            this.queue.set(i, waiter.whenPassedOver());
        }
        return null;
    }

    /** Whether nothing needs to be remembered. */
    boolean isForgettable(long now) {
        return owner(now) == null && this.queue.isEmpty();
    }

    void removeDead(long now) {
        noticeSilence(now);
        this.queue.removeIf(waiter -> waiter.isDead(this.resumedAt, now));
    }

    /** Only once; if the silence continues, the owners are gone. */
    private void noticeSilence(long now) {
        if (now > this.dueAt) {
            this.dueAt = Long.MAX_VALUE;
            this.resumedAt = now;
        }
    }
}
