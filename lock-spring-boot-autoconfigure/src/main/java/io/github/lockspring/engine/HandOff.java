package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.ReleaseResult;
import io.github.lockspring.store.StoreCapability;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The present tenure of a queue, and its holds, one after the other: passes the lock on among the callers of this
 * process until its budget is spent (lock cohorting: Dice, Marathe and Shavit, PPoPP 2012). Guarded by the queue.
 */
final class HandOff implements Hold.Keeper {

    private final EngineContext engine;

    private final Tenures tenures;

    private final QueueGuard guard;

    private final Waiters waiters;

    /** Decides what comes next. */
    private final LongConsumer onChange;

    private final TokenSequence tokens = new TokenSequence();

    private final HandOffBudget budget;

    private @Nullable Tenure tenure;

    /** The present hold of the tenure. */
    private @Nullable Hold current;

    /** When the last hold ended, or the lease was set without any. */
    private long idleSince;

    HandOff(EngineContext engine, Tenures tenures, QueueGuard guard, Waiters waiters, LongConsumer onChange) {
        this.engine = engine;
        this.tenures = tenures;
        this.guard = guard;
        this.waiters = waiters;
        this.onChange = onChange;
        this.budget = new HandOffBudget(engine.handOverAfter);
    }

    @Nullable Tenure tenure() {
        return this.tenure;
    }

    @Nullable Hold current() {
        return this.current;
    }

    boolean has(Tenure tenure) {
        return this.tenure == tenure;
    }

    boolean inUse() {
        return this.current != null;
    }

    /** The tenure if it is held while no caller has a hold. */
    @Nullable Tenure idle() {
        Tenure present = this.tenure;
        return present != null && present.isHeld() && this.current == null ? present : null;
    }

    /** A tenure has been asked for. */
    void begin(Tenure requested) {
        this.guard.assertHeld();
        this.tokens.end();
        this.tenure = requested;
        LockLog.asked(requested.state);
    }

    /** The tenure is over, or is left to itself. */
    void end() {
        this.guard.assertHeld();
        this.tenure = null;
        this.current = null;
    }

    /**
     * The tenure is held, and its first caller has waited for that. A late answer, for example because of the
     * connection, may leave little or nothing of the lease: then a renewal is awaited first.
     *
     * @return whether the caller has the lock now
     */
    boolean acquired(Tenure held, Waiter first, long number, long now) {
        this.tokens.begin(number);
        this.budget.begin(now);
        this.idleSince = held.leaseSetAt();
        if (!held.allowsFirst(first.request, now)) {
            held.extend(first.request.timeToLive(), now);
            return false;
        }
        this.waiters.give(first, beginHold(held, first, held.covers(first.request, this.idleSince, now), false, now));
        return true;
    }

    /** The attempt to extend the lease of the tenure for the next hold has ended. */
    void renewed(boolean extended, long now) {
        Tenure idle = idle();
        if (idle == null) {
            return;
        }
        if (extended) {
            this.budget.waited(this.idleSince, now);
        } else {
            idle.leave(now);
        }
    }

    /**
     * Gives an idle lock to a caller that has just arrived, ahead of those that sleep, if nothing else is required. The
     * time may be that of its arrival: the wall clock decides whether the lease is still proven.
     */
    boolean takenAtOnce(Waiter waiter, long now) {
        Tenure idle = idle();
        if (idle == null) {
            tellIfContended(waiter, now);
            return false;
        }
        boolean free = !isTurnOver(now) && idle.covers(waiter.request, this.idleSince, now);
        if (free) {
            waiter.give(beginHold(idle, waiter, true, true, now), this.guard);
        }
        return free;
    }

    private void tellIfContended(Waiter waiter, long now) {
        Tenure present = this.tenure;
        LockHolder holder = present == null ? null : inUse() ? present.holder() : present.contender(now);
        if (holder != null) {
            waiter.contended(holder, this.guard);
        }
    }

    /** Gives the lock, if it is idle, to a caller, after an extension where it needs one, or has the store decide. */
    void passOn(Waiter next, boolean awake, long now) {
        Tenure held = idle();
        boolean over = held != null && isTurnOver(now);
        if (held == null || !over && !awake && next.isGoingToLook(now)) {
            return;
        }
        if (over) {
            this.tokens.end();
            if (this.engine.storeCan(StoreCapability.KEEP)) {
                held.keep(this.waiters.wantedLease(), now);
            } else {
                held.leave(now);
            }
        } else if (!held.covers(next.request, this.idleSince, now)) {
            held.extend(next.request.timeToLive(), now);
        } else if (awake || !next.takesByItself || next.overtakenForLong(now)) {
            next.contended(null, this.guard);
            this.waiters.give(next, beginHold(held, next, true, true, now));
        } else {
            next.signal(this.guard, now);
        }
    }

    /** Whether the next hold needs the store's word first, because others may be waiting or tokens have run out. */
    private boolean isTurnOver(long now) {
        return this.budget.isSpent(now) || this.tokens.isExhausted();
    }

    private Hold beginHold(Tenure held, Waiter waiter, boolean covered, boolean handedOff, long now) {
        this.guard.assertHeld();
        Hold hold = new Hold(
                this.engine, this, this.guard, held, waiter, waiter.request, this.tokens.next(), handedOff, now);
        this.current = hold;
        LockLog.held(this.guard, hold.name(), held.state, handedOff, hold.fencingToken, waiter.waited(now));
        held.holdBegins(waiter.request, covered, now);
        return hold;
    }

    /**
     * Ends a hold for its caller. Waits for the answer if it must, or if it may and too many others are under way; and
     * where a caller that may wait has a doubtful hold, until it is known whether that is held. Never where the answer
     * would wait for this thread.
     */
    @Override
    public void release(Hold hold, boolean mayWait) {
        CompletableFuture<Void> ended = end(hold);
        boolean awaited = this.engine.releases.areAwaited(mayWait) || mayWait && !hold.ended;
        if (awaited && !this.engine.mustNotBlock()) {
            Releases.await(ended, this.engine.commandTimeout);
            // the time for a decision is over, whether or not the timer has seen that
            CompletableFuture<Void> unused = hold.ended ? null : decision(hold);
        }
    }

    @Override
    public CompletableFuture<ReleaseResult> release(Hold hold) {
        return end(hold, HandOff::answer);
    }

    /** Ends a hold, once it is known whether it is held; returns a stage that completes when the store has answered. */
    CompletableFuture<Void> end(Hold hold) {
        return end(hold, HandOff::released);
    }

    private <T> CompletableFuture<T> end(Hold hold, BiFunction<HandOff, Hold, CompletableFuture<T>> result) {
        this.guard.lock();
        try {
            long now = this.engine.clock.nanoTime();
            CompletableFuture<Void> decision = decision(hold, now);
            if (decision != null) {
                return decision.thenCompose(nothing -> end(hold, result));
            }
            if (this.current == hold) {
                end(hold, now);
            } else if (!hold.keepsOthersOut(now)) {
                hold.tenure.leaveAfterLoss();
            }
            return result.apply(this, hold);
        } finally {
            this.guard.unlock();
        }
    }

    private CompletableFuture<Void> released(Hold ended) {
        return has(ended.tenure) ? Releases.NOTHING : ended.tenure.release().done;
    }

    private CompletableFuture<ReleaseResult> answer(Hold ended) {
        return ended.isLost()
                ? CompletableFuture.completedFuture(ReleaseResult.LOST)
                : ended.tenure.release().answer();
    }

    /** The present hold ends in time or, as may turn out now, too late. */
    private void end(Hold hold, long now) {
        if (hold.tenure.isOver(now)) {
            // its listeners are not notified: its caller is closing it
            hold.lost(hold.tenure.renewer.whyOver(now));
        } else {
            hold.endInTime(now);
        }
        this.current = null;
        this.idleSince = now;
        hold.tenure.holdEnds();
        if (!hold.isLost() && hold.keepsOthersOut(now)) {
            hold.tenure.expire(hold.keptOutFor(now), now);
        }
        this.onChange.accept(now);
    }

    /** The present hold, or the idle tenure, is lost. */
    void lost(Tenure over, String reason) {
        Hold hold = this.current;
        end();
        if (hold == null) {
            over.leaveAfterLoss();
        } else {
            hold.lost(reason).forEach(listener -> this.guard.afterwards(() -> this.engine.callbacks.tell(listener)));
        }
    }

    @Override
    public @Nullable CompletableFuture<Void> decision(Hold hold) {
        this.guard.lock();
        try {
            return decision(hold, this.engine.clock.nanoTime());
        } finally {
            this.guard.unlock();
        }
    }

    private @Nullable CompletableFuture<Void> decision(Hold hold, long now) {
        return this.current == hold ? hold.tenure.renewer.decision(now) : null;
    }

    @Override
    public CompletableFuture<Void> prolong(Hold hold, Duration time) {
        this.guard.lock();
        try {
            long now = this.engine.clock.nanoTime();
            return this.current == hold ? hold.tenure.prolong(time, now) : Releases.NOTHING;
        } finally {
            this.guard.unlock();
        }
    }

    @Override
    public void leaveAfterError() {
        this.guard.leaveAfterError();
        this.tenures.leaves().leaveAfterError();
    }
}
