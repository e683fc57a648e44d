package io.github.lockspring.engine;

import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The callers of this process that want one lock. They queue here first, only one of their requests goes to the store,
 * and a tenure that was won is {@linkplain HandOff passed on} among them for a while.
 */
final class LocalQueue implements Waiter.Place, TenureListener<Tenure> {

    private final EngineContext engine;

    private final Tenures tenures;

    private final LockName name;

    private final boolean fair;

    private final Consumer<LocalQueue> onRetired;

    final QueueGuard guard;

    final Waiters waiters;

    private final Outlook outlook;

    final HandOff handOff;

    private boolean retired;

    LocalQueue(EngineContext engine, Tenures tenures, LockName name, boolean fair, Consumer<LocalQueue> onRetired) {
        this.engine = engine;
        this.tenures = tenures;
        this.name = name;
        this.fair = fair;
        this.onRetired = onRetired;
        this.guard = new QueueGuard(engine.clock);
        this.waiters = new Waiters(this.guard);
        this.outlook = new Outlook(engine, this.guard);
        this.handOff = new HandOff(engine, tenures, this.guard, this.waiters, this::advance);
    }

    // ---- called by callers ----

    /** Lets a caller in; {@code false} if this queue has been retired and a new one is needed. */
    boolean enter(Waiter waiter, long now) {
        waiter.place = this;
        this.guard.lock();
        try {
            if (this.retired) {
                return false;
            }
            if (this.engine.closed) {
                this.waiters.refuse(waiter, Refusal.shutDown());
                retireIfIdle();
            } else if (!this.handOff.takenAtOnce(waiter, now)) {
                this.waiters.add(waiter);
                Tenure present = this.handOff.tenure();
                if (present == null) {
                    this.waiters.refuseAbandoned();
                    advance(now);
                } else {
                    LockLog.queued(this.guard, waiter.request.name(), present.state);
                    Waiter first = this.waiters.first();
                    handDown(present, first != null ? first : waiter);
                    present.entered(now);
                }
            }
            return true;
        } finally {
            this.guard.unlock();
        }
    }

    @Override
    public long look(Waiter waiter) {
        return this.guard.call(now -> waiter.settled() ? 0 : look(waiter, now));
    }

    @Override
    public long tryLook(Waiter waiter) {
        return this.guard.tryCall(now -> waiter.settled() ? 0 : look(waiter, now));
    }

    private long look(Waiter waiter, long now) {
        if (waiter.awake) {
            this.handOff.passOn(waiter, true, now);
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
        Tenure present = this.handOff.tenure();
        boolean itsTurn = !this.handOff.inUse() && waiter.equals(this.waiters.first());
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

    @Override
    public void withdraw(Waiter waiter, Refusal refusal) {
        this.guard.run(now -> {
            if (!waiter.settled()) {
                this.waiters.refuse(waiter, refusal);
                advance(now);
            }
        });
    }

    @Override
    public void withdrawAfterError(Waiter waiter) {
        this.handOff.leaveAfterError();
        Hold given = waiter.hold;
        if (given == null) {
            withdraw(waiter, Refusal.interrupted());
        } else {
            CompletableFuture<Void> unused = this.handOff.end(given);
        }
    }

    /** Ends waiting, gives back idle locks, and marks locks in use as lost. */
    void shutDown() {
        this.guard.run(now -> {
            this.waiters.refuseAll(Refusal.shutDown());
            Hold hold = this.handOff.current();
            if (hold != null) {
                hold.tenure.letExpire();
                this.handOff.lost(hold.tenure, "the application shuts down");
            }
            advance(now);
        });
    }

    // ---- notifications of the tenure, inside the guard ----

    /** Looks after callers that have gone without a word, and goes on where an error has stopped it. */
    @Override
    public void checked(Tenure tenure, long now) {
        this.waiters.refuseAbandoned();
        this.outlook.tell(this.waiters.firstEndless(now), tenure, now);
        Tenure idle = this.handOff.idle();
        if (idle == null || !idle.awaitsAnswer()) {
            advance(now);
        }
        Hold hold = this.handOff.current();
        if (hold != null && hold.isAbandoned(now)) {
            this.guard.afterwards(() -> {
                CompletableFuture<Void> unused = this.handOff.end(hold);
            });
        }
        if (!this.handOff.has(tenure)) {
            // an error has hindered its end
            tenure.leave(now);
        }
    }

    /** The first caller begins, and those that waited beyond their time are contended. */
    @Override
    public void acquired(Tenure held, long number, long now) {
        this.outlook.answered();
        Waiter first = this.waiters.first();
        if (first == null || !this.handOff.has(held)) {
            advance(now);
        } else if (this.handOff.acquired(held, first, number, now)) {
            if (!this.waiters.isEmpty()) {
                this.waiters.refuseOvertime(Refusal.contended(held.holder()), now);
            }
            held.extendIfDue(!this.waiters.isEmpty(), now);
        }
    }

    @Override
    public void contended(Tenure requested, long now) {
        if (this.handOff.has(requested)) {
            this.outlook.answered();
            this.waiters.contended(requested.contender(now), now);
            advance(now);
        }
    }

    @Override
    public void failed(Tenure requested, LockStoreException failure, long now) {
        if (this.handOff.has(requested)) {
            failed(failure, now);
        }
    }

    private void failed(LockStoreException failure, long now) {
        this.outlook.failed(failure);
        this.waiters.refuseOvertime(Refusal.storeFailed(failure), now);
        advance(now);
    }

    @Override
    public void renewed(Tenure held, boolean extended, long now) {
        if (this.handOff.has(held)) {
            this.handOff.renewed(extended, now);
            if (extended) {
                advance(now);
            }
        }
    }

    @Override
    public void gone(Tenure over, @Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now) {
        if (!this.handOff.has(over)) {
            return;
        }
        this.handOff.end();
        if (failure != null) {
            failed(failure, now);
        } else {
            if (outcome instanceof ReleaseOutcome.HandedOver || outcome instanceof ReleaseOutcome.Expiring) {
                this.waiters.refuseOvertime(Refusal.contended(null), now);
            }
            advance(now);
        }
    }

    @Override
    public void refused(Tenure over, LockStoreException failure, long now) {
        if (this.handOff.has(over)) {
            this.handOff.end();
            this.waiters.refuseAll(Refusal.storeFailed(failure));
            advance(now);
        }
    }

    @Override
    public void lost(Tenure over, String reason, long now) {
        if (this.handOff.has(over)) {
            this.handOff.lost(over, reason);
            advance(now);
        }
    }

    // ---- inside the guard ----

    /** Decides what comes next once something has changed. */
    private void advance(long now) {
        this.guard.assertHeld();
        Tenure present = this.handOff.tenure();
        Waiter first = this.waiters.first();
        if (present == null) {
            if (first == null) {
                retireIfIdle();
            } else {
                request(first, now);
            }
        } else if (first != null) {
            handDown(present, first);
            this.handOff.passOn(first, false, now);
        } else if (!this.handOff.inUse() && (present.isHeld() || present.isRequested())) {
            this.handOff.end();
            retireIfIdle();
            present.leave(now);
        }
    }

    private void request(Waiter first, long now) {
        Tenure requested = new Tenure(this.engine, this.tenures, this.guard, this, this.name, this.fair, now);
        // one that is not looked after is not used
        this.tenures.add(requested.state.id, requested, now);
        this.handOff.begin(requested);
        handDown(requested, first);
        requested.ask(now);
    }

    /** A requested tenure asks for what its callers require: the lease is that of the first. */
    private void handDown(Tenure present, Waiter first) {
        if (present.isRequested()) {
            present.wanted(first.request.timeToLive(), this.waiters.waitUntil());
        }
    }

    private void retireIfIdle() {
        if (this.handOff.tenure() == null && this.waiters.isEmpty() && !this.retired) {
            this.retired = true;
            this.onRetired.accept(this);
        }
    }
}
