package io.github.lockspring.engine;

import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.StoreCapability;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The callers of this process that want one lock. They queue here first, only one of their requests goes to the store,
 * and a tenure that was won is passed on among them for a while (lock cohorting: Dice, Marathe and Shavit, PPoPP 2012).
 */
final class LocalQueue {

    final EngineContext engine;

    private final String registeredAs;

    private final LockName name;

    private final boolean fair;

    final QueueGuard guard;

    final Waiters waiters;

    private final Outlook outlook;

    private @Nullable Tenure tenure;

    /** The present hold of the tenure. */
    private @Nullable Hold current;

    /** When the last hold ended, or the lease was set without any. */
    private long idleSince;

    private boolean retired;

    LocalQueue(EngineContext engine, String registeredAs, LockName name, boolean fair) {
        this.engine = engine;
        this.registeredAs = registeredAs;
        this.name = name;
        this.fair = fair;
        this.guard = new QueueGuard(engine);
        this.waiters = new Waiters(this.guard);
        this.outlook = new Outlook(engine.commandTimeout);
    }

    // ---- called by callers ----

    /** Lets a caller in; {@code false} if this queue has been given up and a new one is needed. */
    boolean enter(Waiter waiter, long now) {
        waiter.queue = this;
        this.guard.lock();
        try {
            if (this.retired) {
                return false;
            }
            if (this.engine.closed) {
                this.waiters.refuse(waiter, Refusal.shutDown());
                retireIfIdle();
            } else if (!takenAtOnce(waiter)) {
                this.waiters.add(waiter);
                Tenure present = this.tenure;
                if (present == null) {
                    this.waiters.refuseAbandoned();
                    request(now);
                } else {
                    present.acquisition.entered(now);
                }
            }
            return true;
        } finally {
            this.guard.unlock();
        }
    }

    /**
     * Has a caller take the lock if it may, or give up if it must.
     *
     * @return how long it may sleep until it looks again, in nanoseconds
     */
    long look(Waiter waiter) {
        return this.guard.call(now -> waiter.settled() ? 0 : look(waiter, now));
    }

    /** The same for the timer, which does not wait for a busy queue. */
    long tryLook(Waiter waiter) {
        return this.guard.tryCall(now -> waiter.settled() ? 0 : look(waiter, now));
    }

    private long look(Waiter waiter, long now) {
        if (waiter.awake) {
            passOn(waiter, true, now);
            if (waiter.settled()) {
                return 0;
            }
            if (waiter.looksAgain()) {
                return Waiter.LOOK_PAUSE;
            }
        }
        if (waiter.hasTime(now)) {
            return waiter.waitDeadline - now;
        }
        Tenure present = this.tenure;
        boolean itsTurn = !inUse() && waiter.equals(this.waiters.first());
        Refusal refusal = this.outlook.refusal(present, itsTurn, now);
        if (refusal == null) {
            long left = waiter.callDeadline - now;
            if (left > 0) {
                return left;
            }
            refusal = this.outlook.lastRefusal(present, now);
        }
        this.waiters.refuse(waiter, refusal);
        advance(now);
        return 0;
    }

    /** Takes a caller out that does not want to wait any more, unless it has been settled. */
    void withdraw(Waiter waiter, Refusal refusal) {
        this.guard.run(now -> {
            if (!waiter.settled()) {
                this.waiters.refuse(waiter, refusal);
                advance(now);
            }
        });
    }

    /**
     * Ends a hold for its caller. Waits for the answer if it must, or if it may and too many others are under way; and where
     * a caller that may wait has a doubtful hold, until it is known whether that is held.
     */
    void release(Hold hold, boolean mayWait) {
        CompletableFuture<Void> ended = end(hold);
        if (this.engine.releases.areAwaited(mayWait) || mayWait && !hold.ended) {
            Releases.await(ended, this.engine.commandTimeout);
            // the time for a decision is over, whether or not the timer has seen that
            CompletableFuture<Void> unused = hold.ended ? null : decision(hold);
        }
    }

    /** Ends a hold, once it is known whether it is held; returns what is done when the store has answered. */
    private CompletableFuture<Void> end(Hold hold) {
        this.guard.lock();
        try {
            long now = this.engine.clock.nanoTime();
            Tenure held = hold.tenure;
            CompletableFuture<Void> decision = decision(hold, now);
            if (decision != null) {
                return decision.thenCompose(nothing -> end(hold));
            }
            if (this.current == hold) {
                holdEnds(hold, now);
            } else {
                held.leaveAfterLoss();
            }
            return has(held) ? Releases.NOTHING : held.released;
        } finally {
            this.guard.unlock();
        }
    }

    /** Done once it is known whether a hold with a doubtful lease is held; {@code null} where there is no doubt. */
    @Nullable CompletableFuture<Void> decision(Hold hold) {
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

    /** Ends waiting, gives back what is idle, and marks what is in use as lost. */
    void shutDown() {
        this.guard.run(now -> {
            this.waiters.refuseAll(Refusal.shutDown());
            Hold hold = this.current;
            if (hold != null) {
                hold.tenure.forsake();
                lose(hold, "the application shuts down");
            }
            advance(now);
        });
    }

    /** An error has ended a call on its way through here. */
    void abandon(Waiter waiter) {
        this.guard.leaveAfterError();
        Hold given = waiter.hold;
        if (given == null) {
            withdraw(waiter, Refusal.interrupted());
        } else {
            CompletableFuture<Void> unused = end(given);
        }
    }

    // ---- called by the tenure, inside the guard ----

    boolean has(Tenure tenure) {
        return this.tenure == tenure;
    }

    boolean inUse() {
        return this.current != null;
    }

    /** Looks, with the timer, after callers that have gone without a word, and goes on where an error has stopped it. */
    void check(long now) {
        this.waiters.refuseAbandoned();
        Tenure idle = idle();
        if (idle == null || !idle.renewer.awaitsAnswer()) {
            advance(now);
        }
        Hold hold = this.current;
        if (hold != null && hold.isAbandoned(now)) {
            this.guard.afterwards(() -> {
                CompletableFuture<Void> unused = end(hold);
            });
        }
    }

    /**
     * The tenure is held: the first caller begins, those that waited beyond their time are contended. An answer that took its
     * time, with the connection perhaps, may leave little of the lease or nothing: then the renewal answers first.
     */
    void began(long now) {
        this.outlook.answered();
        Tenure held = this.tenure;
        Waiter first = this.waiters.first();
        if (held == null || first == null) {
            advance(now);
            return;
        }
        this.idleSince = held.lease.start();
        if (!held.lease.provesHalf(now)) {
            held.renewer.extend(first.request.leaseTime(), now);
            return;
        }
        this.waiters.give(first, begin(held, first, held.lease.covers(first.request, this.idleSince, now), now));
        if (!this.waiters.isEmpty()) {
            this.waiters.refuseOvertime(Refusal.contended(held.holder()), now);
        }
        held.renewer.extendIfDue(!this.waiters.isEmpty(), now);
    }

    /** Another process has the lock. */
    void contended(long now) {
        this.outlook.answered();
        Tenure requested = this.tenure;
        if (requested != null) {
            this.waiters.refuseOvertime(Refusal.contended(requested.acquisition.contender(now)), now);
        }
        advance(now);
    }

    /** A question failed, and is put again. */
    void failed(LockStoreException failure, long now) {
        this.outlook.failed(failure);
        this.waiters.refuseOvertime(Refusal.storeFailed(failure), now);
        advance(now);
    }

    /** The lease has been extended, which an idle tenure has waited for. */
    void extended(long now) {
        Tenure idle = idle();
        if (idle != null) {
            idle.slice.waited(this.idleSince, now);
        }
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
        if (!has(over)) {
            return;
        }
        tenureEnds();
        if (failure != null) {
            failed(failure, now);
        } else {
            if (outcome instanceof ReleaseOutcome.HandedOver) {
                this.waiters.refuseOvertime(Refusal.contended(null), now);
            }
            advance(now);
        }
    }

    /** The store will not do what it was asked. */
    void refused(Tenure over, LockStoreException failure, long now) {
        if (has(over)) {
            tenureEnds();
            this.waiters.refuseAll(Refusal.storeFailed(failure));
            advance(now);
        }
    }

    void lost(Tenure over, String reason, long now) {
        if (!has(over)) {
            return;
        }
        Hold hold = this.current;
        if (hold != null) {
            lose(hold, reason);
        } else {
            tenureEnds();
            over.leaveAfterLoss();
        }
        advance(now);
    }

    // ---- inside the guard ----

    /** The tenure if it is held while nobody has a hold. */
    private @Nullable Tenure idle() {
        Tenure present = this.tenure;
        return present != null && present.isHeld() && this.current == null ? present : null;
    }

    /** Gives an idle lock to a caller that has just come, ahead of those who sleep, if it needs nothing else. */
    private boolean takenAtOnce(Waiter waiter) {
        Tenure idle = idle();
        if (idle == null) {
            return false;
        }
        long now = this.engine.clock.nanoTime();
        boolean free = !idle.slice.isOver(now) && idle.lease.covers(waiter.request, this.idleSince, now);
        if (free) {
            waiter.give(begin(idle, waiter, true, now), this.guard);
        }
        return free;
    }

    /** Decides what comes next once something has changed. */
    private void advance(long now) {
        Tenure present = this.tenure;
        Waiter first = this.waiters.first();
        if (present == null) {
            if (first == null) {
                retireIfIdle();
            } else {
                request(now);
            }
        } else if (first != null) {
            passOn(first, false, now);
        } else if (!inUse() && (present.isHeld() || present.isRequested())) {
            tenureEnds();
            retireIfIdle();
            present.giveUp(now);
        }
    }

    /** Gives the lock, if it is idle, to a caller, after an extension where it needs one, or has the store decide. */
    private void passOn(Waiter next, boolean awake, long now) {
        Tenure held = idle();
        boolean over = held != null && held.slice.isOver(now);
        if (held == null || !over && !awake && next.isGoingToLook(now)) {
            return;
        }
        if (over) {
            if (this.engine.storeCan(StoreCapability.KEEP)) {
                held.keep(this.waiters.wantedLease(), now);
            } else {
                held.free(now);
            }
        } else if (!held.lease.covers(next.request, this.idleSince, now)) {
            held.renewer.extend(next.request.leaseTime(), now);
        } else if (awake || !next.takesByItself || next.overtakenForLong(now)) {
            this.waiters.give(next, begin(held, next, true, now));
        } else {
            next.signal(this.guard, now);
        }
    }

    private Hold begin(Tenure held, Waiter waiter, boolean covered, long now) {
        Hold hold = new Hold(this, held, waiter, held.slice.nextToken());
        this.current = hold;
        held.renewer.holdBegins(waiter.request, covered, now);
        return hold;
    }

    /** The present hold ends in time or, as may turn out now, too late. */
    private void holdEnds(Hold hold, long now) {
        if (hold.tenure.lease.leftUntilOver(now) <= 0) {
            hold.lost("it was not renewed before it ran out");
        } else {
            hold.ended = true;
        }
        this.current = null;
        this.idleSince = now;
        hold.tenure.renewer.holdEnds();
        advance(now);
    }

    /** The present hold is lost, and its tenure with it. */
    private void lose(Hold hold, String reason) {
        tenureEnds();
        hold.lost(reason).forEach(listener -> this.guard.afterwards(() -> this.engine.callbacks.tell(listener)));
    }

    /** The tenure is over, or is left to itself. */
    private void tenureEnds() {
        this.tenure = null;
        this.current = null;
    }

    private void request(long now) {
        Tenure requested = new Tenure(this.engine, this, this.name.fullName(), this.fair, now);
        this.engine.tenures.put(requested.id.owner(), requested);
        // one that is not looked after is not used
        this.engine.timer.run();
        this.tenure = requested;
        requested.acquisition.ask(now);
    }

    private void retireIfIdle() {
        if (this.tenure == null && this.waiters.isEmpty() && !this.retired) {
            this.retired = true;
            this.engine.queues.remove(this.registeredAs, this);
        }
    }
}
