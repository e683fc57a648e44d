package io.github.lockspring.engine;

import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseOutcome;
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

    private final QueueGuard guard;

    private final Waiters waiters;

    private final HandOff handOff;

    private final Outlook outlook;

    private boolean retired;

    LocalQueue(EngineContext engine, String registeredAs, LockName name, boolean fair) {
        this.engine = engine;
        this.registeredAs = registeredAs;
        this.name = name;
        this.fair = fair;
        this.guard = new QueueGuard(engine);
        this.waiters = new Waiters(this.guard);
        this.handOff = new HandOff(engine, this, this.waiters);
        this.outlook = new Outlook(engine.commandTimeout);
    }

    QueueGuard guard() {
        return this.guard;
    }

    Waiters waiters() {
        return this.waiters;
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
            if (this.engine.closed()) {
                this.waiters.refuse(waiter, Refusal.shutDown());
                retireIfIdle();
                return true;
            }
            if (!this.handOff.takenAtOnce(waiter)) {
                this.waiters.add(waiter);
                Tenure present = this.handOff.tenure();
                if (present == null) {
                    request(now);
                } else {
                    present.entered(now);
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

    private long look(Waiter waiter, long now) {
        if (waiter.awake) {
            Tenure idle = this.handOff.idle();
            if (idle != null) {
                this.handOff.passOn(idle, waiter, true, now);
                if (waiter.settled()) {
                    return 0;
                }
            }
            if (waiter.looksAgain()) {
                return Waiter.LOOK_PAUSE;
            }
        }
        if (waiter.hasTime(now)) {
            return waiter.waitDeadline - now;
        }
        Tenure present = this.handOff.tenure();
        boolean itsTurn = !inUse() && this.waiters.isFirst(waiter);
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
            if (this.handOff.current() == hold) {
                this.handOff.holdEnds(held, hold, now);
                advance(now);
            } else {
                held.leaveAfterLoss();
            }
            return has(held) ? Releases.NOTHING : held.release().done();
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
        return this.handOff.current() == hold ? hold.tenure.renewer().decision(now) : null;
    }

    /** Ends waiting, gives back what is idle, and marks what is in use as lost. */
    void shutDown() {
        this.guard.run(now -> {
            this.waiters.refuseAll(Refusal.shutDown());
            Tenure held = this.handOff.tenure();
            Hold hold = this.handOff.current();
            if (hold != null && held != null) {
                held.forsake();
                this.handOff.lose(hold, "the application shuts down").forEach(this.guard::tell);
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
        return this.handOff.tenure() == tenure;
    }

    boolean inUse() {
        return this.handOff.current() != null;
    }

    /** Looks, with the timer, after callers that have gone without a word, and goes on where an error has stopped it. */
    void check(long now) {
        this.waiters.refuseAbandoned();
        Tenure idle = this.handOff.idle();
        if (idle == null || !idle.schedule().awaitsAnswer()) {
            advance(now);
        }
        Hold hold = this.handOff.current();
        if (hold != null && this.handOff.isAbandoned(hold, now)) {
            this.guard.afterwards(() -> {
                CompletableFuture<Void> unused = end(hold);
            });
        }
    }

    /** The tenure is held. */
    void began(long now) {
        this.outlook.answered();
        Tenure held = this.handOff.tenure();
        Waiter first = this.waiters.first();
        if (held == null || first == null) {
            advance(now);
        } else {
            this.handOff.began(held, first, now);
        }
    }

    /** Another process has the lock. */
    void contended(long now) {
        this.outlook.answered();
        Tenure requested = this.handOff.tenure();
        if (requested != null) {
            this.waiters.refuseOvertime(Refusal.contended(requested.contender(now)), now);
        }
        advance(now);
    }

    /** A question failed, and is put again. */
    void failed(LockStoreException failure, long now) {
        this.outlook.failed(failure);
        this.waiters.refuseOvertime(Refusal.storeFailed(failure), now);
        advance(now);
    }

    void extended(long now) {
        this.handOff.extended(now);
        advance(now);
    }

    void notExtended(long now) {
        Tenure idle = this.handOff.idle();
        if (idle != null) {
            idle.free(now);
        }
    }

    /** The tenure has been given back, or handed over, or nobody knows, in which case it counts as handed over. */
    void gone(Tenure over, @Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now) {
        if (!has(over)) {
            return;
        }
        this.handOff.tenureEnds();
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
            this.handOff.tenureEnds();
            this.waiters.refuseAll(Refusal.storeFailed(failure));
            advance(now);
        }
    }

    void lost(Tenure over, String reason, long now) {
        if (this.handOff.tenure() != over) {
            return;
        }
        Hold hold = this.handOff.current();
        if (hold != null) {
            this.handOff.lose(hold, reason).forEach(this.guard::tell);
        } else {
            this.handOff.tenureEnds();
            over.leaveAfterLoss();
        }
        advance(now);
    }

    // ---- inside the guard ----

    /** Decides what comes next once something has changed. */
    private void advance(long now) {
        Tenure present = this.handOff.tenure();
        Waiter first = this.waiters.first();
        if (present == null) {
            if (first == null) {
                retireIfIdle();
            } else {
                request(now);
            }
        } else if (first != null) {
            if (this.handOff.idle() != null) {
                this.handOff.passOn(present, first, false, now);
            }
        } else if (!inUse()) {
            giveUp(present, now);
        }
    }

    /** Nobody wants the lock any more. */
    private void giveUp(Tenure present, long now) {
        Tenure.State state = present.state();
        if (state == Tenure.State.HELD) {
            this.handOff.tenureEnds();
            retireIfIdle();
            present.free(now);
        } else if (state == Tenure.State.REQUESTED) {
            this.handOff.tenureEnds();
            retireIfIdle();
            present.abandon();
        }
    }

    private void request(long now) {
        Tenure requested = new Tenure(this.engine, this, this.name.fullName(), this.fair, now);
        this.handOff.requested(requested);
        this.engine.tenures.put(requested.owner(), requested);
        this.engine.timer.run();
        requested.ask(now);
    }

    private void retireIfIdle() {
        if (this.handOff.tenure() == null && this.waiters.isEmpty() && !this.retired) {
            this.retired = true;
            this.engine.queues.remove(this.registeredAs, this);
        }
    }
}
