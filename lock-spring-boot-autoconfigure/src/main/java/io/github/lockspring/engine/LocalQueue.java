package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.ReleaseOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The callers of this process that want one lock. They queue here first, only one of their requests goes to the store,
 * and a tenure that was won is passed on among them for a while (lock cohorting: Dice, Marathe and Shavit, PPoPP 2012).
 *
 * <p>Everything happens inside one short, never blocking guard. Sends are the last act inside it; code of the application
 * runs after it.
 */
final class LocalQueue {

    private final EngineContext engine;

    private final String registeredAs;

    private final LockName name;

    private final boolean fair;

    private final ReentrantLock guard = new ReentrantLock();

    private final Set<Waiter> waiters = new LinkedHashSet<>();

    /** What is to be done once the guard is free. */
    private final Queue<Runnable> afterwards = new ArrayDeque<>(2);

    private @Nullable Tenure tenure;

    private @Nullable Hold current;

    /** When the last hold ended, or the lease was set without any. */
    private long idleSince;

    private int overtime;

    /** The last failure since the store answered. */
    private @Nullable LockStoreException failure;

    private final PollSchedule retries = new PollSchedule();

    private EngineClock.@Nullable Timer retryTimer;

    private boolean retired;

    LocalQueue(EngineContext engine, String registeredAs, LockName name, boolean fair) {
        this.engine = engine;
        this.registeredAs = registeredAs;
        this.name = name;
        this.fair = fair;
    }

    EngineContext engine() {
        return this.engine;
    }

    // ---- the guard ----

    void guarded(LongConsumer action) {
        guardedLong(now -> {
            action.accept(now);
            return now;
        });
    }

    long guardedLong(LongUnaryOperator action) {
        this.guard.lock();
        try {
            return action.applyAsLong(this.engine.clock().nanoTime());
        } finally {
            unlock();
        }
    }

    private void unlock() {
        if (this.afterwards.isEmpty() || this.guard.getHoldCount() > 1) {
            this.guard.unlock();
            return;
        }
        Runnable[] tasks = this.afterwards.toArray(Runnable[]::new);
        this.afterwards.clear();
        this.guard.unlock();
        for (Runnable task : tasks) {
            task.run();
        }
    }

    /** Has something done once the guard is free. Called inside the guard. */
    void afterwards(Runnable task) {
        this.afterwards.add(task);
    }

    /** Has code of the application run once the guard is free. Called inside the guard. */
    private void callback(@Nullable Runnable task) {
        if (task != null) {
            afterwards(() -> this.engine.callbacks().run(task));
        }
    }

    // ---- called by callers ----

    /** Lets a caller in; {@code false} if this queue has been given up and a new one is needed. */
    boolean enter(Waiter waiter, long now) {
        this.guard.lock();
        try {
            if (this.retired) {
                return false;
            }
            if (this.engine.closed()) {
                refuse(waiter, new Refusal.ShutDown());
                retireIfIdle();
                return true;
            }
            Tenure idle = idle();
            if (idle != null && !idle.sliceIsOver(now) && idle.covers(waiter.request(), this.idleSince, now)) {
                begin(idle, waiter, now);
                return true;
            }
            this.waiters.add(waiter);
            if (!waiter.hasTime(now)) {
                goOvertime(waiter);
            }
            Tenure present = this.tenure;
            if (present == null) {
                request(now);
            } else {
                present.entered(now);
            }
            return true;
        } finally {
            unlock();
        }
    }

    /**
     * Has a caller take the lock if it may, or give up if it must.
     *
     * @return how long it may sleep until it looks again, in nanoseconds
     */
    long look(Waiter waiter) {
        return guardedLong(now -> waiter.settled() ? 0 : look(waiter, now));
    }

    private long look(Waiter waiter, long now) {
        if (waiter.awake()) {
            Tenure idle = idle();
            if (idle != null) {
                passOn(idle, now, waiter);
                if (waiter.settled()) {
                    return 0;
                }
            }
            if (waiter.looksAgain()) {
                return Waiter.LOOK_PAUSE;
            }
        }
        if (waiter.hasTime(now)) {
            return waiter.waitDeadline() - now;
        }
        Refusal refusal = refusal(waiter, now);
        if (refusal == null) {
            long left = waiter.callDeadline() - now;
            if (left > 0) {
                goOvertime(waiter);
                return left;
            }
            refusal = lastRefusal(now);
        }
        remove(waiter);
        refuse(waiter, refusal);
        advance(now);
        return 0;
    }

    /** Takes a caller out that does not want to wait any more, unless it has been settled. */
    void withdraw(Waiter waiter, Refusal refusal) {
        guarded(now -> {
            if (!waiter.settled()) {
                remove(waiter);
                refuse(waiter, refusal);
                advance(now);
            }
        });
    }

    /** Ends a hold. */
    void release(Hold hold) {
        CompletableFuture<Void> release = new CompletableFuture<>();
        this.guard.lock();
        try {
            Tenure held = this.tenure;
            if (this.current == hold && held != null) {
                long now = this.engine.clock().nanoTime();
                if (held.isProven()) {
                    hold.released();
                } else {
                    hold.lost("it was not renewed before it ran out");
                }
                this.current = null;
                held.holdEnds();
                this.idleSince = now;
                release = held.released();
                passOn(held, now, null);
                if (this.tenure == held) {
                    return;
                }
            } else {
                hold.tenure().departAfterLoss();
                return;
            }
        } finally {
            unlock();
        }
        if (this.engine.awaitsReleases()) {
            Releases.await(release, this.engine.commandTimeout());
        }
    }

    void onLost(Hold hold, Runnable listener) {
        guarded(now -> {
            if (hold.addLossListener(listener)) {
                callback(listener);
            }
        });
    }

    /** Ends waiting, gives back what is idle, and marks what is in use as lost. */
    void shutDown() {
        guarded(now -> {
            refuseAll(new Refusal.ShutDown());
            Tenure held = this.tenure;
            Hold hold = this.current;
            if (hold != null && held != null) {
                held.forsake();
                endLost(hold, "the application shuts down");
            }
            advance(now);
        });
    }

    // ---- called by the tenure, inside the guard ----

    boolean anybodyHasTime(long now) {
        for (Waiter waiter : this.waiters) {
            if (waiter.hasTime(now)) {
                return true;
            }
        }
        return false;
    }

    Duration wantedLease() {
        return this.waiters.iterator().next().request().leaseTime();
    }

    boolean inUse() {
        return this.current != null;
    }

    /**
     * The tenure is held: the first caller begins, whoever waited beyond its time is contended. An answer that took its
     * time, with the connection perhaps, may leave little of the lease or nothing: then the renewal answers first.
     */
    void began(long now) {
        answered();
        Tenure held = this.tenure;
        Waiter next = first();
        if (held == null || next == null) {
            advance(now);
            return;
        }
        this.idleSince = held.leaseStart();
        if (!held.provesHalf(now)) {
            held.extend(next.request().leaseTime(), now);
            return;
        }
        begin(held, next, now);
        refuseOvertime(new Refusal.Contended(held.holder()));
        held.extendIfDue(now);
    }

    void contended(long now) {
        answered();
        Tenure requested = this.tenure;
        if (requested != null) {
            refuseOvertime(new Refusal.Contended(requested.contender(now)));
        }
        advance(now);
    }

    private void answered() {
        this.failure = null;
        this.retries.answered();
    }

    /** A poll failed; the request still stands in the store's queue. */
    void failed(LockStoreException failure, long now) {
        this.failure = failure;
        refuseOvertime(new Refusal.StoreFailed(failure));
        advance(now);
    }

    void extended(long now) {
        advance(now);
    }

    void notExtended(long now) {
        Tenure idle = idle();
        if (idle != null) {
            idle.free(now);
        }
    }

    /** The tenure has been given back, or handed over, or nobody knows, in which case it counts as handed over. */
    void gone(Tenure over, @Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now) {
        if (this.tenure != over) {
            return;
        }
        this.tenure = null;
        if (failure != null) {
            this.failure = failure;
            refuseOvertime(new Refusal.StoreFailed(failure));
        } else if (outcome instanceof ReleaseOutcome.HandedOver) {
            refuseOvertime(new Refusal.Contended(null));
        }
        advance(now);
    }

    /** The request has failed. */
    void refused(Tenure over, LockStoreException failure, long now) {
        if (this.tenure != over) {
            return;
        }
        this.tenure = null;
        if (failure.getOutcome() == LockStoreException.Outcome.REFUSED) {
            refuseAll(new Refusal.StoreFailed(failure));
            advance(now);
        } else {
            this.failure = failure;
            refuseOvertime(new Refusal.StoreFailed(failure));
            if (this.waiters.isEmpty()) {
                advance(now);
            } else {
                this.retryTimer = this.engine.clock().schedule(this.retries.afterFailure(), () -> guarded(this::retry));
            }
        }
    }

    void lost(Tenure over, String reason, long now) {
        if (this.tenure != over) {
            return;
        }
        Hold hold = this.current;
        if (hold != null) {
            endLost(hold, reason);
        } else {
            this.tenure = null;
            over.departAfterLoss();
        }
        advance(now);
    }

    // ---- inside the guard ----

    /** The tenure if it is held while nobody has a hold. */
    private @Nullable Tenure idle() {
        Tenure present = this.tenure;
        return present != null && present.state() == Tenure.State.HELD && this.current == null ? present : null;
    }

    private void endLost(Hold hold, String reason) {
        this.current = null;
        this.tenure = null;
        hold.lost(reason).forEach(this::callback);
    }

    private void begin(Tenure held, Waiter waiter, long now) {
        remove(waiter);
        Hold hold = new Hold(this, held, waiter.request().name(), held.nextToken());
        this.current = hold;
        held.holdBegins(waiter.request(), this.idleSince, now);
        callback(waiter.give(hold));
    }

    private void refuse(Waiter waiter, Refusal refusal) {
        callback(waiter.refuse(refusal));
    }

    private void refuseAll(Refusal refusal) {
        this.waiters.forEach(waiter -> refuse(waiter, refusal));
        this.waiters.clear();
        this.overtime = 0;
    }

    /** Decides what comes next once something has changed. */
    private void advance(long now) {
        Tenure present = this.tenure;
        if (present == null) {
            if (this.waiters.isEmpty()) {
                retireIfIdle();
            } else if (this.retryTimer == null) {
                request(now);
            }
        } else if (idle() != null) {
            passOn(present, now, null);
        } else if (present.state() == Tenure.State.REQUESTED && this.waiters.isEmpty()) {
            this.tenure = null;
            retireIfIdle();
            present.abandon();
        }
    }

    /**
     * Gives an idle tenure to the next caller, back to the store, or lets the store decide.
     *
     * @param taker a caller that has come to take it, {@code null} to wake the first one
     */
    private void passOn(Tenure held, long now, @Nullable Waiter taker) {
        Waiter next = taker != null ? taker : first();
        if (next == null) {
            this.tenure = null;
            retireIfIdle();
            held.free(now);
        } else if (held.sliceIsOver(now)) {
            if (this.engine.capabilities().keeps()) {
                held.keep(wantedLease(), now);
            } else {
                held.free(now);
            }
        } else if (!held.covers(next.request(), this.idleSince, now)) {
            held.extend(next.request().leaseTime(), now);
        } else if (taker != null || !next.takesByItself()) {
            begin(held, next, now);
        } else {
            next.signal();
        }
    }

    private void request(long now) {
        cancelRetry();
        Tenure requested = new Tenure(this.engine, this, this.name.fullName(), this.fair);
        this.tenure = requested;
        this.engine.tenures().put(requested.owner(), requested);
        this.engine.leases().run();
        requested.ask(now);
    }

    private void retry(long now) {
        this.retryTimer = null;
        if (this.tenure == null) {
            advance(now);
        }
    }

    private void cancelRetry() {
        EngineClock.Timer timer = this.retryTimer;
        if (timer != null) {
            timer.cancel();
            this.retryTimer = null;
        }
    }

    /** Why a caller whose time is over does not get the lock, {@code null} while that cannot be told. */
    private @Nullable Refusal refusal(Waiter waiter, long now) {
        Tenure present = this.tenure;
        if (present != null && present.state() != Tenure.State.REQUESTED) {
            // while nobody has a hold, the lock is for the first caller, if the store does not say otherwise
            boolean itsTurn = this.current == null && waiter.equals(first());
            return itsTurn ? null : new Refusal.Contended(present.holder());
        }
        LockHolder contender = present != null ? present.contender(now) : null;
        if (contender != null) {
            return new Refusal.Contended(contender);
        }
        LockStoreException failed = this.failure;
        boolean unanswered = present != null && present.awaitsAnswer();
        return failed == null || unanswered ? null : new Refusal.StoreFailed(failed);
    }

    /** Why a caller whose every deadline is over gives up without having been told. */
    private Refusal lastRefusal(long now) {
        Tenure present = this.tenure;
        boolean waitedForOthers = present != null
                && this.failure == null
                && now - present.silentSince(now) < this.engine.commandTimeout();
        return waitedForOthers
                ? new Refusal.Contended(null)
                : new Refusal.StoreFailed(StoreFailures.unanswered(this.engine.commandTimeout()));
    }

    private @Nullable Waiter first() {
        return this.waiters.isEmpty() ? null : this.waiters.iterator().next();
    }

    private void remove(Waiter waiter) {
        if (this.waiters.remove(waiter) && waiter.overtime()) {
            this.overtime--;
        }
    }

    private void goOvertime(Waiter waiter) {
        if (!waiter.overtime()) {
            waiter.goOvertime();
            this.overtime++;
        }
    }

    private void refuseOvertime(Refusal refusal) {
        if (this.overtime == 0) {
            return;
        }
        for (Iterator<Waiter> each = this.waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.overtime()) {
                each.remove();
                refuse(waiter, refusal);
            }
        }
        this.overtime = 0;
    }

    private void retireIfIdle() {
        if (this.tenure == null && this.waiters.isEmpty() && !this.retired) {
            cancelRetry();
            this.retired = true;
            this.engine.queues().remove(this.registeredAs, this);
        }
    }
}
