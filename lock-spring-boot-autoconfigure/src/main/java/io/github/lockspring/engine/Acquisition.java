package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a tenure comes by its lock: it asks the store, polls while another process has the lock, asks again when the store
 * has failed, always as the same owner, and takes the grant. Over once the tenure is not {@code REQUESTED} any more.
 * Guarded by the queue.
 */
final class Acquisition {

    private static final long POLL_BATCH = 4 * Nanos.MILLI;

    /** An answered question proves a grant's time only while it is younger than this. */
    private static final long TRUSTED = 2_000 * Nanos.MILLI;

    private final Tenure tenure;

    private final EngineContext engine;

    private final LocalQueue queue;

    private final boolean fair;

    private final PollSchedule polls = new PollSchedule();

    private final long since;

    /** When to ask again; {@code null} while an answer is to come first, or where a poll would find nothing. */
    private @Nullable Long pollAt;

    private LeaseValidity.@Nullable Setting newest;

    /** The newest question that was answered; the first one before that. */
    private LeaseValidity.@Nullable Setting dated;

    /** Its answer: who has the lock, and how the store's clock stood then. */
    private AcquireOutcome.@Nullable Contended lastAnswer;

    /** Whether a later question failed, so that the answer says nothing about now. */
    private boolean outdated;

    /** How many questions have not been answered, or their fate is not known: the store may execute them at any time. */
    private int open;

    /** Whether the newest question, or the release of our own that it has overtaken, has not been answered. */
    private boolean asking;

    /** Whether the newest question asked for a place in the store's queue. */
    private boolean askedToQueue;

    /** Whether the store may have put this owner into its queue. */
    private boolean maybeQueued;

    /** What is under way was asked in another way than this owner now waits. */
    private boolean askAgain;

    /** A grant has come that proves too little: what is under way was asked before it. */
    private boolean granted;

    /** The store does not see this owner's subscription. */
    private boolean passedOver;

    /** The question was put once more because its answer named an owner of ours that is gone by now. */
    private boolean askedAfterOwn;

    Acquisition(Tenure tenure, boolean fair, long now) {
        this.tenure = tenure;
        this.engine = tenure.engine;
        this.queue = tenure.queue;
        this.fair = fair;
        this.since = now;
        this.pollAt = now;
    }

    /** Whether it is known that somebody else has the lock, who that is being the answer; otherwise {@code null}. */
    @Nullable LockHolder contender(long now) {
        AcquireOutcome.Contended last = this.lastAnswer;
        LeaseValidity.Setting asked = this.dated;
        if (last == null || asked == null || this.outdated) {
            return null;
        }
        LockHolder holder = last.holder();
        if (holder.remaining().equals(LockOptions.FOREVER)) {
            return holder;
        }
        Duration left = holder.remaining().minusNanos(now - asked.at());
        return new LockHolder(holder.owner(), left.isNegative() ? Duration.ZERO : left);
    }

    boolean awaitsAnswer() {
        return this.asking;
    }

    /** Whether the store may know this owner, now or when what is under way arrives. */
    boolean maybeKnown() {
        return this.open > 0 || this.maybeQueued;
    }

    /** Whether the store may yet execute a question, although the tenure is over. */
    boolean isOpen() {
        return this.open > 0;
    }

    /** Asks the store for the lock, for the first time or again. */
    void ask(long now) {
        boolean listening = listens();
        boolean toQueue = mayQueue(now);
        this.pollAt = null;
        this.asking = true;
        this.askAgain = false;
        this.granted = false;
        this.askedToQueue = toQueue;
        this.open++;
        LeaseValidity.Setting question = this.tenure.lease.set(this.queue.waiters.wantedLease(), false, now);
        this.newest = question;
        if (this.dated == null) {
            this.dated = question;
        }
        TenureRequest request = TenureRequest.of(this.tenure.id, question.length())
                .fair(this.fair)
                .mayQueue(toQueue)
                .listening(listening)
                .pollInterval(listening ? this.engine.settings.pollInterval() : PollSchedule.WITHOUT_MESSAGES)
                .waited(Nanos.elapsed(this.since, now));
        this.tenure.sends(now);
        StoreFailures.caught(() -> this.engine.store.acquire(request))
                .whenComplete((outcome, failure) ->
                        this.queue.guard.run(later -> answered(question, toQueue, outcome, failure, later)));
    }

    private boolean mayQueue(long now) {
        return this.engine.storeCan(StoreCapability.QUEUE) && this.queue.waiters.anybodyHasTime(now);
    }

    private boolean listens() {
        return this.engine.listening && !this.passedOver;
    }

    /** The lock is this owner's whichever question was answered so; anything else counts only as the newest answer. */
    private void answered(
            LeaseValidity.Setting question,
            boolean toQueue,
            @Nullable AcquireOutcome outcome,
            @Nullable Throwable failure,
            long now) {
        boolean unknown = outcome == null && StoreFailures.isUnknown(failure);
        boolean queued = outcome != null && toQueue;
        if (!unknown) {
            this.open--;
        }
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            this.tenure.acquired(question, acquired.number(), now);
        } else if (!this.tenure.isRequested()) {
            if (unknown || queued) {
                this.tenure.maybeKnownAgain();
            }
        } else {
            this.maybeQueued |= queued;
            if (question.equals(this.newest) && this.asking) {
                this.asking = false;
                if (outcome instanceof AcquireOutcome.Contended answer) {
                    contended(answer, question, now);
                } else {
                    failed(StoreFailures.of(failure), now);
                }
            }
        }
    }

    private void contended(AcquireOutcome.Contended answer, LeaseValidity.Setting question, long now) {
        String holder = answer.holder().owner();
        CompletableFuture<Void> ownRelease = this.engine.releaseUnderWay(holder);
        if (ownRelease != null) {
            this.asking = true;
            CompletableFuture<Void> unused = ownRelease.whenComplete(
                    (nothing, failure) -> this.queue.guard.run(later -> askAfterRelease(question, later)));
            return;
        }
        if (!this.askedAfterOwn && this.engine.isGone(holder)) {
            this.askedAfterOwn = true;
            ask(now);
            return;
        }
        this.dated = question;
        this.lastAnswer = answer;
        this.outdated = false;
        this.passedOver |= answer.passedOver();
        if (!this.granted) {
            this.queue.contended(now);
        }
        if (!this.tenure.isRequested()) {
            return;
        }
        boolean storeQueues = this.engine.storeCan(StoreCapability.QUEUE);
        if (this.granted || this.askAgain || wantsToQueue(now)) {
            ask(now);
        } else if (this.askedToQueue || !storeQueues) {
            pollAfter(this.polls.next(answer, listens(), this.engine.settings.pollInterval()), now);
            if (this.polls.hasPolledForLong() && storeQueues) {
                this.queue.guard.afterwards(this.engine::pollsInstead);
            }
        }
    }

    /** Our own release had been overtaken: the answer said nothing about others. */
    private void askAfterRelease(LeaseValidity.Setting question, long now) {
        if (this.tenure.isRequested() && this.asking && question.equals(this.newest)) {
            ask(now);
        }
    }

    /** Whether a try without waiting was answered while a caller came that has time to wait. */
    private boolean wantsToQueue(long now) {
        return !this.askedToQueue && mayQueue(now);
    }

    /** Another caller has come. */
    void entered(long now) {
        if (this.tenure.isRequested() && !this.asking && wantsToQueue(now)) {
            ask(now);
        }
    }

    /** What will not work next time either ends the request; anything else is asked again. */
    private void failed(LockStoreException failure, long now) {
        if (failure.getOutcome() == Outcome.REFUSED) {
            this.tenure.giveUp(now);
            this.queue.refused(this.tenure, failure, now);
        } else {
            this.outdated = true;
            pollAfter(this.polls.afterFailure(), now);
            this.queue.failed(failure, now);
        }
    }

    /** Looks whether it is time to ask again, or to give up waiting for an answer; returns how long nothing is due. */
    long check(EngineTimer.Due due, long now) {
        if (this.asking) {
            long left = this.tenure.leftToAnswer(now);
            if (left > 0) {
                return left;
            }
            this.asking = false;
            failed(StoreFailures.unanswered(this.engine.commandTimeout), now);
        } else if (isTimeToPoll(now)) {
            due.polls().add(this.tenure);
            return this.engine.commandTimeout;
        }
        return this.pollAt != null ? this.pollAt - now : Nanos.FOREVER;
    }

    /** What is due within a few milliseconds goes out with what is due now. */
    private boolean isTimeToPoll(long now) {
        return this.pollAt != null && this.pollAt - now <= POLL_BATCH;
    }

    /** It is time to ask again; a sweep to come does it where the queue is busy. */
    void poll() {
        long again = this.queue.guard.tryCall(now -> {
            if (this.tenure.isRequested() && isTimeToPoll(now)) {
                ask(now);
            }
            return Nanos.FOREVER;
        });
        this.tenure.lookEarlier(again, this.engine.clock.nanoTime());
    }

    private void pollAfter(long pause, long now) {
        this.pollAt = now + pause;
        this.tenure.lookWithin(pause, now);
    }

    /**
     * A connection is new or gone: messages may have been missed, and a request that is under way told the store that this
     * owner waits in another way than it now does.
     */
    void pollSoon() {
        this.queue.guard.run(now -> {
            if (this.tenure.isRequested()) {
                this.passedOver &= !this.engine.listening;
                if (this.asking) {
                    this.askAgain = true;
                } else {
                    pollAfter(this.polls.spread(), now);
                }
            }
        });
    }

    /** The first grant while the request is outstanding is ours; one for an owner that is gone is given back. */
    void granted(Grant grant) {
        this.queue.guard.run(now -> {
            if (this.tenure.isRequested()) {
                granted(grant, now);
            } else if (!this.tenure.isReleasing()) {
                this.tenure.maybeKnownAgain();
            }
        });
    }

    /** Where the date of a grant proves too little, the hold begins with the answer to another question instead. */
    private void granted(Grant grant, long now) {
        LeaseValidity.Setting setting = settingOf(grant, now);
        if (setting != null && this.tenure.lease.wouldProveHalf(setting, now)) {
            this.tenure.begin(setting, grant.number(), now);
        } else if (this.asking) {
            this.granted = true;
        } else {
            ask(now);
        }
    }

    /**
     * Dates a grant. Its lease began when the store granted it, which is as long after our newest answered question as
     * the store's own clock says, and not after now. Before the first answer it began after the first question at least.
     *
     * @return the lease as set at the latest point in time at which it can have begun; {@code null} if that cannot be told
     */
    private LeaseValidity.@Nullable Setting settingOf(Grant grant, long now) {
        AcquireOutcome.Contended last = this.lastAnswer;
        LeaseValidity.Setting asked = this.dated;
        if (last == null || asked == null) {
            return asked != null ? asked.later(grant.lease(), 0) : null;
        }
        long micros = grant.serverTimeMicros() - last.serverTimeMicros();
        if (micros < 0 || now - asked.at() > TRUSTED || asked.at() - this.engine.connectionChangedAt < 0) {
            return null;
        }
        return asked.later(grant.lease(), Math.min(TimeUnit.MICROSECONDS.toNanos(micros), now - asked.at()));
    }
}
