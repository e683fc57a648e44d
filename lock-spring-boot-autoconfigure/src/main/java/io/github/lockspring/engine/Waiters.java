package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The callers in a local queue, in order of arrival: linked through themselves, since one may leave at any place and
 * nearly every acquisition comes through here. Guarded by the queue.
 */
final class Waiters {

    private final QueueGuard guard;

    private @Nullable Waiter first;

    private @Nullable Waiter last;

    /** The latest of their deadlines. */
    private long waitUntil;

    Waiters(QueueGuard guard) {
        this.guard = guard;
    }

    void add(Waiter waiter) {
        this.guard.assertHeld();
        Waiter before = this.last;
        if (before == null) {
            this.first = waiter;
        } else {
            before.next = waiter;
            waiter.previous = before;
        }
        if (before == null || waiter.waitDeadline - this.waitUntil > 0) {
            this.waitUntil = waiter.waitDeadline;
        }
        this.last = waiter;
    }

    /** Takes one out, unless it is out already. */
    private void remove(Waiter waiter) {
        Waiter before = waiter.previous;
        Waiter after = waiter.next;
        if (before != null) {
            before.next = after;
        } else if (this.first == waiter) {
            this.first = after;
        }
        if (after != null) {
            after.previous = before;
        } else if (this.last == waiter) {
            this.last = before;
        }
        waiter.previous = null;
        waiter.next = null;
    }

    /** Seldom needed: the one with the latest deadline is mostly the last to come, and to go. */
    private void updateWaitUntil() {
        for (Waiter each = this.first; each != null; each = each.next) {
            if (each == this.first || each.waitDeadline - this.waitUntil > 0) {
                this.waitUntil = each.waitDeadline;
            }
        }
    }

    boolean isEmpty() {
        return this.first == null;
    }

    @Nullable Waiter first() {
        return this.first;
    }

    /** When the wait time of all of them is over. Only meaningful while there is a caller. */
    long waitUntil() {
        return this.waitUntil;
    }

    /** Of the callers that wait without limit, the one that has waited longest; {@code null} if there is none. */
    @Nullable Waiter firstEndless(long now) {
        for (Waiter each = this.first; each != null; each = each.next) {
            if (each.isEndless(now)) {
                return each;
            }
        }
        return null;
    }

    /** The lease that the first caller wants. */
    Duration wantedLease() {
        return Objects.requireNonNull(this.first, "There must be a waiting caller")
                .request
                .timeToLive();
    }

    void give(Waiter waiter, Hold hold) {
        this.guard.assertHeld();
        remove(waiter);
        waiter.give(hold, this.guard);
        settled(waiter);
    }

    void refuse(Waiter waiter, Refusal refusal) {
        this.guard.assertHeld();
        remove(waiter);
        waiter.refuse(refusal, this.guard);
        settled(waiter);
    }

    /** Steps that may fail come last: a caller that was removed is settled. */
    private void settled(Waiter waiter) {
        if (waiter.waitDeadline == this.waitUntil) {
            updateWaitUntil();
        }
    }

    void refuseAll(Refusal refusal) {
        refuseIf(waiter -> true, refusal);
    }

    /** Refuses those whose wait time is over: they wait for an answer that was under way then. */
    void refuseOvertime(Refusal refusal, long now) {
        refuseIf(waiter -> !waiter.hasTime(now), refusal);
    }

    /** Another process has the lock: refuses those whose wait time is over. */
    void contended(@Nullable LockHolder holder, long now) {
        for (Waiter each = this.first; each != null; each = each.next) {
            each.contended(holder, this.guard);
        }
        refuseOvertime(Refusal.contended(holder), now);
    }

    /** Refuses those whose calls have ended with an error. */
    void refuseAbandoned() {
        refuseIf(waiter -> waiter.abandoned, Refusal.interrupted());
    }

    private void refuseIf(Predicate<Waiter> condition, Refusal refusal) {
        this.guard.assertHeld();
        boolean refused = false;
        for (Waiter each = this.first; each != null; ) {
            Waiter next = each.next;
            if (condition.test(each)) {
                refused = true;
                remove(each);
                each.refuse(refusal, this.guard);
            }
            each = next;
        }
        if (refused) {
            updateWaitUntil();
        }
    }
}
