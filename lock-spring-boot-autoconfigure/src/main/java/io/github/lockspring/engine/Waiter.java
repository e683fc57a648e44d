package io.github.lockspring.engine;

import io.github.lockspring.LockException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A caller in the local queue, until it has a hold or a refusal. */
abstract sealed class Waiter implements Hold.Receiver permits BlockingWaiter, AsyncWaiter {

    /** How long a woken caller that finds the lock taken again sleeps until it looks once more. */
    static final long LOOK_PAUSE = 100_000L;

    /**
     * How long running threads may take the lock ahead of a caller that was woken to take it; the first release after
     * that gives it the lock. Go's sync.Mutex has a bound of the same length for the same purpose.
     */
    static final long OVERTAKEN_AT_MOST = Nanos.MILLI;

    /** Where a caller waits. */
    interface Place {

        /**
         * Has a caller take the lock if it may, or give up if it must.
         *
         * @return how long it may sleep until it looks again, in nanoseconds
         */
        long look(Waiter waiter);

        /** The same for the timer, which does not wait for a busy place. */
        long tryLook(Waiter waiter);

        /** Removes a caller that no longer wants to wait, unless it has been settled. */
        void withdraw(Waiter waiter, Refusal refusal);

        /** Takes a caller out whose call an error has ended; the hold that it has got is given back. */
        void withdrawAfterError(Waiter waiter);
    }

    final LockRequest request;

    final EngineContext engine;

    /** Whether it takes a free lock by itself once woken, so that a running thread may be faster. */
    final boolean takesByItself;

    private final long since;

    /** What the monitor is told of the call. */
    private final @Nullable CallWatch watch;

    /** When waiting for others ends. */
    final long waitDeadline;

    /** When waiting for anything ends. */
    final long callDeadline;

    /** Has been woken, and is going to look. Guarded by the queue. */
    boolean awake;

    /** Has looked in vain since it was last woken. Guarded by the queue. */
    private boolean looked;

    /** When it was first woken. Guarded by the queue. */
    private long overtakenSince;

    /** Its neighbours among {@link Waiters}, which links them. Guarded by the queue. */
    @Nullable Waiter previous;

    @Nullable Waiter next;

    /** Where it waits. Written by the caller's thread before it enters. */
    @Nullable Place place;

    /**
     * An error has ended the call, or the hold was not taken, or not in time. Written directly by the call: the stack
     * may have no room for another frame.
     */
    volatile boolean abandoned;

    volatile @Nullable Hold hold;

    private volatile @Nullable Refusal refusal;

    Waiter(LockRequest request, EngineContext engine, long now, boolean takesByItself) {
        long wait = Nanos.of(request.waitTime());
        this.request = request;
        this.engine = engine;
        this.watch = engine.monitor.watch(request);
        this.takesByItself = takesByItself;
        this.since = now;
        this.waitDeadline = now + wait;
        this.callDeadline = now + Math.max(wait, engine.commandTimeout);
    }

    final boolean hasTime(long now) {
        return this.waitDeadline - now > 0;
    }

    /** Whether it waits for others without limit. */
    final boolean isEndless(long now) {
        return this.waitDeadline - now > Nanos.FOREVER / 2;
    }

    /** How long it has waited. */
    final long waited(long now) {
        return now - this.since;
    }

    /**
     * Wakes the caller to take a free lock if it is still there. Left out while the caller is going to look anyway:
     * running threads that take the lock again and again need not wake it each time.
     */
    final void signal(QueueGuard guard, long now) {
        if (!this.awake) {
            if (!this.looked) {
                this.overtakenSince = now;
            }
            this.awake = true;
            this.looked = false;
            notice(guard);
        }
    }

    /** Whether it must be given the lock because running threads have taken it ahead of this caller for long enough. */
    final boolean overtakenForLong(long now) {
        return (this.awake || this.looked) && now - this.overtakenSince >= OVERTAKEN_AT_MOST;
    }

    /** Whether it checks by itself, soon enough, whether it can have the lock. */
    final boolean isGoingToLook(long now) {
        return this.takesByItself && this.awake && !overtakenForLong(now);
    }

    /** It found the lock taken again. Returns whether it looks once more, and does not sleep until the next signal. */
    final boolean looksAgain() {
        this.awake = !this.looked;
        this.looked = true;
        return this.awake;
    }

    final boolean settled() {
        return this.hold != null || this.refusal != null;
    }

    /** Called once, inside the queue's guard. */
    final void give(Hold hold, QueueGuard guard) {
        this.hold = hold;
        notice(guard);
    }

    /** Called once, inside the queue's guard. */
    final void refuse(Refusal refusal, QueueGuard guard) {
        this.refusal = refusal;
        notice(guard);
        LockLog.refused(guard, this.request.name(), refusal, this.engine.clock, this.since);
    }

    /** Another caller has the lock. Called inside the queue's guard. */
    final void contended(@Nullable LockHolder holder, QueueGuard guard) {
        if (this.watch != null) {
            this.watch.contended(guard, holder);
        }
    }

    /** The call ends with a lease, for its caller. */
    final <T extends LockLease> T taken(T lease, Hold given) {
        if (this.watch != null) {
            this.watch.acquired(given.fencingToken, given.handedOff);
        }
        return lease;
    }

    /** The call ends without one. */
    final <T extends Throwable> T failed(T failure) {
        if (this.watch != null) {
            this.watch.refused(failure);
        }
        return failure;
    }

    /** The refusal as an exception, created by the thread that throws it. */
    final LockException toException() {
        Refusal reason = Objects.requireNonNull(this.refusal, "A settled caller has a hold or a refusal");
        return reason.toException(this.request.name(), Nanos.elapsed(this.since, this.engine.clock.nanoTime()));
    }

    /** Ends a call that an error has ended; the timer does what cannot be done now. */
    final void withdrawAfter(Throwable error) {
        Place entered = this.place;
        if (entered != null) {
            try {
                entered.withdrawAfterError(this);
            } catch (RuntimeException | Error ex) {
                error.addSuppressed(ex);
            }
        }
    }

    /** Whether the caller will never come for its hold. Called inside the queue's guard. */
    @Override
    public final boolean isGone(Hold given, long now) {
        return this.hold != given || isGone(now);
    }

    boolean isGone(long now) {
        return this.abandoned;
    }

    @Override
    public final @Nullable CallWatch watch() {
        return this.watch;
    }

    /** The thread that waits, {@code null} if none does. */
    @Nullable Thread thread() {
        return null;
    }

    /** Has the caller notice that it has a hold or, once the guard is free, a refusal, or that it may take the lock. */
    abstract void notice(QueueGuard guard);
}
