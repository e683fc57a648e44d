package io.github.lockspring.engine;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The callers in a local queue, in order of arrival. Guarded by the queue. */
final class Waiters {

    private final QueueGuard guard;

    private final Set<Waiter> waiters = new LinkedHashSet<>();

    /** The latest of their deadlines. */
    private long waitUntil;

    Waiters(QueueGuard guard) {
        this.guard = guard;
    }

    void add(Waiter waiter) {
        this.guard.assertHeld();
        if (this.waiters.isEmpty() || waiter.waitDeadline - this.waitUntil > 0) {
            this.waitUntil = waiter.waitDeadline;
        }
        this.waiters.add(waiter);
    }

    /** Seldom needed: the one with the latest deadline is mostly the last to come, and to go. */
    private void updateWaitUntil() {
        boolean first = true;
        for (Waiter each : this.waiters) {
            if (first || each.waitDeadline - this.waitUntil > 0) {
                this.waitUntil = each.waitDeadline;
            }
            first = false;
        }
    }

    boolean isEmpty() {
        return this.waiters.isEmpty();
    }

    @Nullable Waiter first() {
        return this.waiters.isEmpty() ? null : this.waiters.iterator().next();
    }

    /** When none of them has time to wait any more. Makes sense only while there is one. */
    long waitUntil() {
        return this.waitUntil;
    }

    /** The lease that the first caller wants. */
    Duration wantedLease() {
        return this.waiters.iterator().next().request.leaseTime();
    }

    void give(Waiter waiter, Hold hold) {
        this.guard.assertHeld();
        this.waiters.remove(waiter);
        waiter.give(hold, this.guard);
        settled(waiter);
    }

    void refuse(Waiter waiter, Refusal refusal) {
        this.guard.assertHeld();
        this.waiters.remove(waiter);
        waiter.refuse(refusal, this.guard);
        settled(waiter);
    }

    /** What may fail comes last: one that is out of here is settled. */
    private void settled(Waiter waiter) {
        if (waiter.waitDeadline == this.waitUntil && !this.waiters.isEmpty()) {
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

    /** Refuses those whose calls have ended with an error. */
    void refuseAbandoned() {
        refuseIf(waiter -> waiter.abandoned, Refusal.interrupted());
    }

    private void refuseIf(Predicate<Waiter> condition, Refusal refusal) {
        this.guard.assertHeld();
        int before = this.waiters.size();
        for (Iterator<Waiter> each = this.waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (condition.test(waiter)) {
                each.remove();
                waiter.refuse(refusal, this.guard);
            }
        }
        if (this.waiters.size() < before) {
            updateWaitUntil();
        }
    }
}
