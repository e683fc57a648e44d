package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a tenure gets its lock: it asks the store, polls while another process has the lock, asks again when the store
 * has failed, always as the same owner, and takes the grant. It stops asking once the tenure is no longer {@code
 * REQUESTED}; answers that arrive later are recorded in the {@link Footprint}. Guarded by the queue.
 */
final class Acquisition {

    /** Notified of the result, inside the guard. */
    interface Listener {

        /** The lock is the owner's, with the lease that this command has set; it may have been before. */
        void acquired(LeaseValidity.Setting setting, long number, long now);

        /** Another process has the lock. */
        void contended(long now);

        /** A request failed, and is repeated. */
        void failed(LockStoreException failure, long now);

        /** The store refuses the request. */
        void refused(LockStoreException failure, long now);
    }

    private static final long POLL_BATCH = 4 * Nanos.MILLI;

    private final TenureState state;

    private final LeaseValidity lease;

    private final Footprint footprint;

    private final Tenures tenures;

    private final Listener listener;

    private final EngineContext engine;

    private final RequestTerms terms;

    private final GrantDating dating;

    private final PollSchedule polls = new PollSchedule();

    /** Whether to ask again at some time: not while an answer is outstanding, and not if a poll would find nothing. */
    private boolean pollPlanned = true;

    /** The planned time; the first request is sent immediately. */
    private long pollAt;

    private LeaseValidity.@Nullable Setting newest;

    /** Whether the newest request, or the release of our own that it has overtaken, has not been answered. */
    private boolean asking;

    /** The outstanding answer is not sufficient: the way in which this owner waits has changed since then. */
    private boolean askAgain;

    /** If others have the lock by the answer to come, that is from before a grant, which alone proves too little. */
    private boolean grantedMeanwhile;

    /** A request was repeated because its answer named an owner of ours that was gone by then: once per tenure. */
    private boolean askedAfterOwn;

    Acquisition(
            TenureState state,
            LeaseValidity lease,
            Footprint footprint,
            Tenures tenures,
            Listener listener,
            boolean fair,
            long now) {
        this.state = state;
        this.lease = lease;
        this.footprint = footprint;
        this.tenures = tenures;
        this.listener = listener;
        this.engine = state.engine;
        this.terms = new RequestTerms(this.engine, state.id, fair, now);
        this.dating = new GrantDating(this.engine);
        this.pollAt = now;
    }

    /** The known holder of the lock; {@code null} if it is not known, or the lock is free. */
    @Nullable LockHolder contender(long now) {
        return this.dating.contender(now);
    }

    boolean awaitsAnswer() {
        return this.asking;
    }

    /**
     * What the callers require from the store: every request from now on asks for it.
     *
     * @param lease the lease that the first one wants
     * @param until when the wait time of all of them is over
     */
    void wanted(Duration lease, long until) {
        this.state.guard.assertHeld();
        this.terms.wanted(lease, until);
    }

    /** Asks the store for the lock, for the first time or again. */
    void ask(long now) {
        this.state.guard.assertHeld();
        TenureRequest request = this.terms.nextRequest(now);
        boolean toQueue = request.mayQueue();
        this.pollPlanned = false;
        this.asking = true;
        this.askAgain = false;
        this.grantedMeanwhile = false;
        this.footprint.requestSent();
        LeaseValidity.Setting sent = this.lease.sending(request.lease(), false, now);
        this.newest = sent;
        this.dating.requested(sent);
        this.state.sends(now);
        StoreFailures.caught(() -> this.engine.store.acquire(request))
                .whenComplete((outcome, failure) ->
                        this.state.guard.run(later -> answered(sent, toQueue, outcome, failure, later)));
    }

    /** "Acquired" counts in the answer to any request; any other answer counts only if it is the newest. */
    private void answered(
            LeaseValidity.Setting sent,
            boolean toQueue,
            @Nullable AcquireOutcome outcome,
            @Nullable Throwable failure,
            long now) {
        boolean unknown = outcome == null && StoreFailures.isUnknown(failure);
        boolean queued = outcome != null && toQueue;
        if (!unknown) {
            this.footprint.requestOver();
        }
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            this.listener.acquired(sent, acquired.number(), now);
        } else if (!this.state.isRequested()) {
            if (unknown || queued) {
                this.footprint.found();
            }
        } else {
            if (queued) {
                this.footprint.queued();
            }
            if (sent.equals(this.newest) && this.asking) {
                this.asking = false;
                // unless an error comes in between, what follows says when to ask again
                planPoll(this.engine.commandTimeout, now);
                if (outcome instanceof AcquireOutcome.Contended answer) {
                    contended(answer, sent, now);
                } else {
                    failed(StoreFailures.of(failure), now);
                }
            }
        }
    }

    private void contended(AcquireOutcome.Contended answer, LeaseValidity.Setting sent, long now) {
        String holder = answer.holder().owner();
        CompletableFuture<Void> ownRelease = this.tenures.releaseUnderWay(holder);
        if (ownRelease != null) {
            this.asking = true;
            CompletableFuture<Void> unused = ownRelease.whenComplete(
                    (nothing, failure) -> this.state.guard.run(later -> askAfterRelease(sent, later)));
            return;
        }
        if (!this.askedAfterOwn && this.tenures.isGone(holder)) {
            this.askedAfterOwn = true;
            ask(now);
            return;
        }
        if (this.dating.isNews(answer)) {
            LockLog.contended(this.state, answer.holder(), answer.rank());
        }
        this.dating.answered(sent, answer);
        this.terms.answered(answer.passedOver());
        if (!this.grantedMeanwhile) {
            this.listener.contended(now);
        }
        if (!this.state.isRequested()) {
            return;
        }
        boolean storeQueues = this.engine.storeCan(StoreCapability.QUEUE);
        if (this.grantedMeanwhile || this.askAgain || this.terms.wantsToQueue(now)) {
            ask(now);
        } else if (this.terms.askedToQueue() || !storeQueues) {
            pollAfter(this.polls.next(answer, this.terms.listens(), this.engine.settings.pollInterval()), now);
            if (this.polls.hasPolledForLong() && storeQueues) {
                this.state.guard.afterwards(this.engine::pollsInstead);
            }
        } else {
            this.pollPlanned = false;
        }
    }

    /** Our own release had been overtaken: the answer did not concern other owners. */
    private void askAfterRelease(LeaseValidity.Setting sent, long now) {
        if (this.state.isRequested() && this.asking && sent.equals(this.newest)) {
            ask(now);
        }
    }

    /** Another caller has come. */
    void entered(long now) {
        if (this.state.isRequested() && !this.asking && this.terms.wantsToQueue(now)) {
            ask(now);
        }
    }

    /** A failure that will not go away ends the request; after any other failure, it is sent again. */
    private void failed(LockStoreException failure, long now) {
        if (failure.getOutcome() == Outcome.REFUSED) {
            this.listener.refused(failure, now);
        } else {
            this.dating.failed();
            pollAfter(this.polls.afterFailure(), now);
            this.listener.failed(failure, now);
        }
    }

    /** Checks whether to ask again, or to give up waiting for an answer; returns for how long nothing is due. */
    long check(DueCommands due, boolean connectionChanged, long now) {
        if (connectionChanged) {
            this.terms.connectionChanged();
            if (this.asking) {
                this.askAgain = true;
            } else {
                pollAfter(this.polls.spread(), now);
            }
        }
        if (this.asking) {
            long left = this.state.leftToAnswer(now);
            if (left > 0) {
                return left;
            }
            this.asking = false;
            failed(StoreFailures.unanswered(this.engine.commandTimeout), now);
        } else if (isTimeToPoll(now)) {
            due.request(this::poll);
            return this.engine.commandTimeout;
        }
        return this.pollPlanned ? this.pollAt - now : Nanos.FOREVER;
    }

    /** Requests due within a few milliseconds are sent together with those due now. */
    private boolean isTimeToPoll(long now) {
        return this.pollPlanned && this.pollAt - now <= POLL_BATCH;
    }

    /** It is time to ask again; a sweep to come does it where the queue is busy. */
    private void poll() {
        long again = this.state.guard.tryCall(now -> {
            if (this.state.isRequested() && isTimeToPoll(now)) {
                ask(now);
            }
            return Nanos.FOREVER;
        });
        this.state.lookEarlier(again, this.engine.clock.nanoTime());
    }

    private void pollAfter(long pause, long now) {
        planPoll(pause, now);
        this.state.lookWithin(pause, now);
    }

    private void planPoll(long pause, long now) {
        this.pollPlanned = true;
        this.pollAt = now + pause;
    }

    /**
     * The store has given the lock to this owner. Where the date of a grant proves too little, the hold begins with the
     * answer to another request instead.
     */
    void granted(Grant grant, long now) {
        LockLog.granted(this.state);
        LeaseValidity.Setting setting = this.dating.date(grant, now);
        if (setting != null && this.lease.wouldProveHalf(setting, now)) {
            this.listener.acquired(setting, grant.number(), now);
        } else if (this.asking) {
            this.grantedMeanwhile = true;
        } else {
            ask(now);
        }
    }
}
