package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import org.jspecify.annotations.Nullable;

/** A caller in the local queue, until it has a hold or a refusal. */
abstract sealed class Waiter permits BlockingWaiter, AsyncWaiter {

    /** A caller is woken no more often than this while running threads take the lock again and again. */
    private static final long LOOK_PAUSE = 100_000L;

    private final LockRequest request;

    private final long since;

    /** When waiting for others ends. */
    private final long waitDeadline;

    /** When waiting for anything ends. */
    private final long callDeadline;

    /** Waits beyond its wait time for an answer that is under way. Guarded by the queue. */
    private boolean overtime;

    /** Looks left before it sleeps until signalled again. Guarded by the queue. */
    private int looks;

    private long signalledAt;

    private volatile @Nullable Hold hold;

    private volatile @Nullable Refusal refusal;

    Waiter(LockRequest request, long now, long commandTimeout) {
        long wait = Nanos.of(request.waitTime());
        this.request = request;
        this.since = now;
        this.waitDeadline = now + wait;
        this.callDeadline = now + Math.max(wait, commandTimeout);
    }

    final LockRequest request() {
        return this.request;
    }

    final long since() {
        return this.since;
    }

    final long waitDeadline() {
        return this.waitDeadline;
    }

    final long callDeadline() {
        return this.callDeadline;
    }

    final boolean hasTime(long now) {
        return this.waitDeadline - now > 0;
    }

    final boolean overtime() {
        return this.overtime;
    }

    final void goOvertime() {
        this.overtime = true;
    }

    /**
     * Wakes the caller to take a free lock if it is still there. Signals that follow too soon are left out: a woken
     * caller that finds the lock taken again looks once more by itself when their time is over.
     */
    final void signal(long now) {
        if (this.signalledAt == 0 || now - this.signalledAt >= LOOK_PAUSE) {
            this.signalledAt = now;
            this.looks = 2;
            wake();
        }
    }

    final boolean looking() {
        return this.looks > 0;
    }

    /** Returns how long to sleep until the next look, zero when there is none left. */
    final long nextLook() {
        this.looks--;
        return this.looks == 0 ? 0 : LOOK_PAUSE;
    }

    final @Nullable Hold hold() {
        return this.hold;
    }

    final @Nullable Refusal refusal() {
        return this.refusal;
    }

    final boolean settled() {
        return this.hold != null || this.refusal != null;
    }

    /** Called once, inside the queue's guard. Returns what is to run outside of it. */
    final @Nullable Runnable give(Hold hold) {
        this.hold = hold;
        return settle();
    }

    /** Called once, inside the queue's guard. Returns what is to run outside of it. */
    final @Nullable Runnable refuse(Refusal refusal) {
        this.refusal = refusal;
        return settle();
    }

    /** Has the caller notice that it is settled. */
    abstract @Nullable Runnable settle();

    /** Whether it takes a free lock by itself once woken, so that a running thread may be faster. */
    abstract boolean takesByItself();

    /** Has the caller look. */
    abstract void wake();
}
