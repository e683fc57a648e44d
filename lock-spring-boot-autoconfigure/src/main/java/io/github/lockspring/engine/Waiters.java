package io.github.lockspring.engine;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The callers in a local queue, in order of arrival. Guarded by the queue. */
final class Waiters {

    private final QueueGuard guard;

    private final Set<Waiter> waiters = new LinkedHashSet<>();

    /** How many wait beyond their wait time for an answer that is under way. */
    private int overtime;

    Waiters(QueueGuard guard) {
        this.guard = guard;
    }

    void add(Waiter waiter, long now) {
        this.waiters.add(waiter);
        if (!waiter.hasTime(now)) {
            goOvertime(waiter);
        }
    }

    boolean isEmpty() {
        return this.waiters.isEmpty();
    }

    @Nullable Waiter first() {
        return this.waiters.isEmpty() ? null : this.waiters.iterator().next();
    }

    boolean isFirst(Waiter waiter) {
        return waiter.equals(first());
    }

    boolean anybodyHasTime(long now) {
        for (Waiter waiter : this.waiters) {
            if (waiter.hasTime(now)) {
                return true;
            }
        }
        return false;
    }

    /** The lease that the first caller wants. */
    Duration wantedLease() {
        return this.waiters.iterator().next().request().leaseTime();
    }

    void goOvertime(Waiter waiter) {
        if (!waiter.overtime()) {
            waiter.goOvertime();
            this.overtime++;
        }
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
        this.waiters.forEach(waiter -> waiter.refuse(refusal, this.guard));
        this.waiters.clear();
        this.overtime = 0;
    }

    /** Refuses those whose wait time is over. */
    void refuseOvertime(Refusal refusal) {
        if (this.overtime == 0) {
            return;
        }
        for (Iterator<Waiter> each = this.waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.overtime()) {
                each.remove();
                waiter.refuse(refusal, this.guard);
            }
        }
        this.overtime = 0;
    }

    /** Refuses those whose calls have ended with an error. */
    void refuseAbandoned() {
        for (Iterator<Waiter> each = this.waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.abandoned) {
                each.remove();
                this.overtime -= waiter.overtime() ? 1 : 0;
                waiter.refuse(new Refusal.Interrupted(), this.guard);
            }
        }
    }

    private void remove(Waiter waiter) {
        if (this.waiters.remove(waiter) && waiter.overtime()) {
            this.overtime--;
        }
    }
}
