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

    /** When the one that waits longest has no time any more. */
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

    private void remove(Waiter waiter) {
        this.guard.assertHeld();
        if (this.waiters.remove(waiter)) {
            removed(waiter);
        }
    }

    /** Seldom the one that waits longest, which is mostly the last to come. */
    private void removed(Waiter waiter) {
        if (waiter.waitDeadline == this.waitUntil) {
            boolean first = true;
            for (Waiter left : this.waiters) {
                if (first || left.waitDeadline - this.waitUntil > 0) {
                    this.waitUntil = left.waitDeadline;
                }
                first = false;
            }
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
        remove(waiter);
        waiter.give(hold, this.guard);
    }

    void refuse(Waiter waiter, Refusal refusal) {
        remove(waiter);
        waiter.refuse(refusal, this.guard);
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
        for (Iterator<Waiter> each = this.waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (condition.test(waiter)) {
                each.remove();
                removed(waiter);
                waiter.refuse(refusal, this.guard);
            }
        }
    }
}
