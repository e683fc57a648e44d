package io.github.lockspring.engine;

import io.github.lockspring.AcquireOutcome;
import io.github.lockspring.Grant;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.ReleaseMode;
import io.github.lockspring.ReleaseOutcome;
import io.github.lockspring.RenewOutcome;
import io.github.lockspring.Renewal;
import io.github.lockspring.TenureId;
import io.github.lockspring.TenureRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One owner's dealings with the store: {@code REQUESTED → HELD ⇄ RELEASING → GONE}, {@code HELD → LOST}. All state is
 * guarded by the queue; whatever sends does so as its last act, since a store may answer at once.
 */
final class Tenure {

    enum State {
        REQUESTED,
        HELD,
        RELEASING,
        LOST,
        GONE
    }

    /** Fencing tokens leave room for this many holds within a tenure. */
    static final long HOLDS = 2048;

    /** An answered request proves a grant's time only while it is younger than this. */
    private static final long TRUSTED_PAIR = 2_000 * Nanos.MILLI;

    private final EngineContext engine;

    private final LocalQueue queue;

    private final TenureId id;

    private final boolean fair;

    private volatile State state = State.REQUESTED;

    // while REQUESTED

    private final PollSchedule polls = new PollSchedule();

    private int asks;

    private boolean asking;

    private boolean askAgain;

    /** A grant has come that proves too little: what is under way was asked before it. */
    private boolean granted;

    private boolean passedOver;

    /** Whether the newest question asked for a place in the store's queue. */
    private boolean askedToQueue;

    /** Whether the store may have put this owner into its queue. */
    private boolean maybeQueued;

    private Lease.@Nullable Setting firstAsked;

    private long askedAt;

    /** Whether the newest question failed, so that the answer before it says nothing about now. */
    private boolean failing;

    /** The newest answer, and when its question was sent. */
    private AcquireOutcome.@Nullable Contended contended;

    private Lease.@Nullable Setting contendedQuestion;

    private EngineClock.@Nullable Timer pollTimer;

    // while HELD

    private long number;

    private long holds;

    private long sliceStart;

    private final Lease lease;

    private final LeaseKeeper keeper;

    /** Whether a lost lease may yet be extended in the store by a renewal that nobody answered. */
    private boolean lingers;

    /** Whether the hold is over for us while its work goes on: nothing may free the lock. */
    private boolean leftToExpire;

    // while RELEASING

    private long releaseSentAt;

    /** The lock has been given back; only the answer is missing. */
    private volatile boolean freeing;

    /** Whether an old question was answered meanwhile, which may have been executed after the release. */
    private boolean strayAnswer;

    private final CompletableFuture<Void> released = new CompletableFuture<>();

    Tenure(EngineContext engine, LocalQueue queue, String fullName, boolean fair) {
        this.engine = engine;
        this.queue = queue;
        this.id = TenureId.exclusive(fullName, engine.owners().next());
        this.fair = fair;
        this.lease = new Lease(engine);
        this.keeper = new LeaseKeeper(engine, this.lease);
    }

    LocalQueue queue() {
        return this.queue;
    }

    State state() {
        return this.state;
    }

    /** Whether the local clock still proves the lease. Needs no guard. */
    boolean isProven() {
        return this.lease.isProven();
    }

    Duration remaining() {
        return this.lease.remaining();
    }

    /** Completes when the store has answered the release, or when that is left to the departures. */
    CompletableFuture<Void> released() {
        return this.released;
    }

    LockHolder holder() {
        return new LockHolder(this.id.owner(), remaining());
    }

    // ---- REQUESTED ----

    /** Whether it is known that somebody else has the lock, who that is being the answer; otherwise {@code null}. */
    @Nullable LockHolder contender(long now) {
        AcquireOutcome.Contended answer = this.contended;
        Lease.Setting question = this.contendedQuestion;
        if (answer == null || question == null || this.failing) {
            return null;
        }
        LockHolder holder = answer.holder();
        if (holder.remaining().equals(LockOptions.FOREVER)) {
            return holder;
        }
        Duration left = holder.remaining().minusNanos(now - question.at());
        return new LockHolder(holder.owner(), left.isNegative() ? Duration.ZERO : left);
    }

    boolean awaitsAnswer() {
        return this.asking;
    }

    /** Since when the command that is under way has not been answered. */
    long silentSince(long now) {
        return switch (this.state) {
            case REQUESTED -> this.askedAt;
            case RELEASING -> this.releaseSentAt;
            default -> now;
        };
    }

    /** Asks the store for the lock, for the first time or as a poll. */
    void ask(long now) {
        cancelPoll();
        boolean mayQueue = this.engine.capabilities().queues() && this.queue.anybodyHasTime(now);
        boolean listening = this.engine.listening() && !this.passedOver;
        this.asking = true;
        this.askAgain = false;
        this.granted = false;
        this.askedAt = now;
        this.askedToQueue = mayQueue;
        this.maybeQueued |= mayQueue;
        int ask = ++this.asks;
        Lease.Setting setting = this.lease.set(this.queue.wantedLease(), now);
        if (this.firstAsked == null) {
            this.firstAsked = setting;
        }
        TenureRequest request = new TenureRequest(
                this.id,
                setting.length(),
                this.fair,
                mayQueue,
                listening,
                listening ? this.engine.pollInterval() : PollSchedule.WITHOUT_MESSAGES);
        send(() -> this.engine.store().acquire(request))
                .whenComplete((outcome, failure) ->
                        this.queue.guarded(later -> answered(ask, setting, outcome, failure, later)));
    }

    private void answered(
            int ask, Lease.Setting setting, @Nullable AcquireOutcome outcome, @Nullable Throwable failure, long now) {
        if (this.state != State.REQUESTED || ask != this.asks || !this.asking) {
            answeredLate(setting, outcome, failure, now);
            return;
        }
        this.asking = false;
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            this.lease.begin(setting);
            begin(acquired.number(), now);
        } else if (outcome instanceof AcquireOutcome.Contended answer) {
            this.lease.forget(setting);
            contended(answer, setting, now);
        } else {
            this.lease.forget(setting);
            failed(StoreFailures.of(failure), now);
        }
    }

    /** Gives back what nobody waits for any more; a tenure that goes on has what the answer speaks of. */
    private void answeredLate(
            Lease.Setting setting, @Nullable AcquireOutcome outcome, @Nullable Throwable failure, long now) {
        if (outcome instanceof AcquireOutcome.Acquired) {
            this.keeper.setByQuestion(setting, now);
            this.engine.leases().runAfter(0);
        } else if (outcome == null && isUnknown(StoreFailures.of(failure))) {
            this.lease.unanswered(setting);
        } else {
            this.lease.forget(setting);
        }
        boolean knownToStore = outcome == null
                ? isUnknown(StoreFailures.of(failure))
                : this.maybeQueued || outcome instanceof AcquireOutcome.Acquired;
        if (!knownToStore) {
            return;
        }
        if (this.state == State.RELEASING) {
            this.strayAnswer = true;
        } else if (this.state != State.HELD && !this.leftToExpire) {
            leave(outcome == null ? StoreFailures.of(failure) : null);
        }
    }

    private static boolean isUnknown(LockStoreException failure) {
        return failure.getOutcome() == LockStoreException.Outcome.UNKNOWN;
    }

    /** Takes the owner out of the store; a command of unknown fate may arrive there later. */
    private Departures.Departure leave(@Nullable LockStoreException failure) {
        return failure != null && isUnknown(failure)
                ? this.engine.departures().leaveTwice(this.id)
                : this.engine.departures().leave(this.id);
    }

    private void contended(AcquireOutcome.Contended answer, Lease.Setting question, long now) {
        CompletableFuture<Void> ownRelease = ownRelease(answer.holder().owner());
        if (ownRelease != null) {
            this.asking = true;
            CompletableFuture<Void> unused =
                    ownRelease.whenComplete((nothing, failure) -> this.queue.guarded(this::askAfterRelease));
            return;
        }
        this.contended = answer;
        this.contendedQuestion = question;
        this.failing = false;
        this.passedOver |= answer.passedOver();
        if (!this.granted) {
            this.queue.contended(now);
        }
        if (this.state != State.REQUESTED) {
            return;
        }
        if (this.granted || this.askAgain || wantsToQueue(now)) {
            ask(now);
        } else if (this.askedToQueue || !this.engine.capabilities().queues()) {
            pollAfter(this.polls.next(answer, this.engine.listening() && !this.passedOver, this.engine.pollInterval()));
            if (this.polls.hasPolledForLong() && this.engine.capabilities().queues()) {
                this.engine.pollsInstead();
            }
        }
    }

    /** Whether a try without waiting was answered while somebody came who has time to wait. */
    private boolean wantsToQueue(long now) {
        return !this.askedToQueue && this.engine.capabilities().queues() && this.queue.anybodyHasTime(now);
    }

    /** Somebody has come. */
    void entered(long now) {
        if (this.state == State.REQUESTED && !this.asking && wantsToQueue(now)) {
            ask(now);
        }
    }

    /** The release of an owner of this engine that has been sent and not been answered. */
    private @Nullable CompletableFuture<Void> ownRelease(String owner) {
        Tenure holder = this.engine.tenures().get(owner);
        return holder != null && holder.freeing
                ? holder.released
                : this.engine.departures().of(owner);
    }

    /** Our own release had been overtaken: the answer said nothing about others. */
    private void askAfterRelease(long now) {
        if (this.state == State.REQUESTED && this.asking) {
            ask(now);
        }
    }

    private void failed(LockStoreException failure, long now) {
        boolean retryable = failure.getOutcome() == LockStoreException.Outcome.NOT_EXECUTED;
        if (retryable && this.maybeQueued && this.contended != null) {
            this.failing = true;
            pollAfter(this.polls.afterFailure());
            this.queue.failed(failure, now);
            return;
        }
        boolean known = isUnknown(failure) || this.maybeQueued && this.asks > 1;
        gone(known ? leave(failure) : null);
        this.queue.refused(this, failure, now);
    }

    private void pollAfter(long pause) {
        cancelPoll();
        this.pollTimer = this.engine.clock().schedule(pause, () -> this.queue.guarded(this::poll));
    }

    private void poll(long now) {
        if (this.state == State.REQUESTED && !this.asking) {
            ask(now);
        }
    }

    private void cancelPoll() {
        EngineClock.Timer timer = this.pollTimer;
        if (timer != null) {
            timer.cancel();
            this.pollTimer = null;
        }
    }

    /**
     * The subscription is new or gone: messages may have been missed, and a request that is under way told the store
     * that this owner waits in another way than it now does.
     */
    void pollSoon() {
        this.queue.guarded(now -> {
            if (this.state == State.REQUESTED && this.asking) {
                this.askAgain = true;
            } else if (this.state == State.REQUESTED) {
                this.passedOver &= !this.engine.listening();
                pollAfter(this.polls.spread());
            }
        });
    }

    void granted(Grant grant) {
        this.queue.guarded(now -> granted(grant, now));
    }

    /**
     * A grant is ours while the request is outstanding. Its lease began when the store granted it, which is as long
     * after our newest answered question as the store's own clock says, and not after now. Where that proves too little,
     * the hold begins with the answer to another question instead.
     */
    private void granted(Grant grant, long now) {
        if (this.state == State.HELD || this.state == State.RELEASING) {
            return;
        }
        if (this.state != State.REQUESTED) {
            this.engine.departures().leave(this.id);
            return;
        }
        long start = startOf(grant, now);
        if (Nanos.proven(start, grant.lease()) - now >= Nanos.of(grant.lease()) / 2) {
            this.lease.begin(grant.lease(), start);
            begin(grant.number(), now);
        } else if (this.asking) {
            this.granted = true;
        } else {
            ask(now);
        }
    }

    /** The latest point in time at which the grant's lease can have begun; long ago if that cannot be told. */
    private long startOf(Grant grant, long now) {
        AcquireOutcome.Contended pair = this.contended;
        Lease.Setting question = pair != null ? this.contendedQuestion : this.firstAsked;
        long never = now - Nanos.FOREVER;
        if (question == null || question.epoch() != this.engine.suspensions().seen()) {
            return never;
        }
        if (pair == null) {
            return question.at();
        }
        boolean trusted = now - question.at() <= TRUSTED_PAIR && question.at() - this.engine.listeningChangedAt() >= 0;
        long start = question.at() + TimeUnit.MICROSECONDS.toNanos(grant.stamp() - pair.stamp());
        return trusted ? Math.min(start - now, 0) + now : never;
    }

    /** Nobody waits locally any more. */
    void abandon() {
        gone(this.asking || this.maybeQueued ? leave(null) : null);
    }

    // ---- HELD ----

    private void begin(long number, long now) {
        cancelPoll();
        this.asking = false;
        this.number = number;
        this.holds = 0;
        this.sliceStart = now;
        this.keeper.begin();
        this.state = State.HELD;
        this.queue.began(now);
    }

    /** When the lease that was last confirmed was asked for. */
    long leaseStart() {
        return this.lease.start();
    }

    /** A hold begins: from now on its lease is what renewals ask for. */
    void holdBegins(LockRequest request, long idleSince, long now) {
        this.keeper.holdBegins(request, covers(request, idleSince, now), now);
    }

    void holdEnds() {
        this.keeper.holdEnds();
    }

    long nextToken() {
        return this.number * HOLDS + this.holds++;
    }

    /** Whether the next hold needs the store's word first, because others may be waiting or tokens have run out. */
    boolean sliceIsOver(long now) {
        return now - this.sliceStart >= this.engine.handOverAfter() || this.holds >= HOLDS;
    }

    /** Whether what is left of the lease is enough for a hold to begin. */
    boolean covers(LockRequest request, long idleSince, long now) {
        return this.keeper.covers(request, idleSince, now);
    }

    /** Whether at least half of the lease is left for a first hold to begin with. */
    boolean provesHalf(long now) {
        return !this.lease.doubtful() && this.lease.leftAsSet(now) >= Nanos.of(this.lease.length()) / 2;
    }

    /** Sets the lease anew for a hold to come, at once. */
    void extend(Duration wanted, long now) {
        send(this.keeper.start(wanted, now));
    }

    /** Sets the lease anew at once if the present hold has not got what it asked for. */
    void extendIfDue(long now) {
        send(this.keeper.startIfDue(now));
    }

    private void send(Lease.@Nullable Setting setting) {
        if (setting != null) {
            Renewal renewal = new Renewal(this.id, setting.length());
            send(() -> this.engine.store().renew(List.of(renewal)))
                    .whenComplete((outcomes, failure) ->
                            renewed(setting, failure == null ? outcomes.get(0) : new RenewOutcome.Failed(failure)));
        }
    }

    void renewed(Lease.Setting setting, RenewOutcome outcome) {
        this.queue.guarded(now -> renewed(setting, outcome, now));
    }

    private void renewed(Lease.Setting setting, RenewOutcome outcome, long now) {
        boolean over = this.queue.inUse() && this.lease.left(now) <= 0;
        if (this.state != State.HELD || over) {
            this.keeper.answeredTooLate(setting, outcome);
            if (this.state == State.HELD) {
                lose("it was not renewed before it ran out", true, now);
            }
            return;
        }
        if (outcome instanceof RenewOutcome.Renewed) {
            this.keeper.renewed(setting, now);
            if (this.holds == 0) {
                this.sliceStart = now;
            }
            this.queue.extended(now);
        } else if (outcome instanceof RenewOutcome.NotOwner) {
            lose("the store says that the lock is not this owner's any more", false, now);
        } else if (outcome instanceof RenewOutcome.Failed failed) {
            this.engine.leases().runAfter(this.keeper.failed(setting, failed, now));
            this.queue.notExtended(now);
        }
    }

    private void lose(String reason, boolean lingers, long now) {
        this.lingers = lingers;
        this.state = State.LOST;
        this.engine.tenures().remove(this.id.owner(), this);
        this.queue.afterwards(() -> this.released.complete(null));
        this.queue.lost(this, reason, now);
    }

    /** Its holds rely on nothing any more; the store lets it expire. */
    void forsake() {
        this.state = State.LOST;
        this.leftToExpire = true;
        this.engine.tenures().remove(this.id.owner(), this);
        this.queue.afterwards(() -> this.released.complete(null));
    }

    /** The lost hold has ended: what an unanswered renewal may have left in the store need not wait for its expiry. */
    void departAfterLoss() {
        if (this.lingers) {
            this.lingers = false;
            this.engine.departures().leave(this.id);
        }
    }

    // ---- RELEASING ----

    /** Asks the store whether the tenure may go on with a new number. */
    void keep(Duration wanted, long now) {
        this.state = State.RELEASING;
        this.releaseSentAt = now;
        Lease.Setting setting = this.lease.set(wanted, now);
        send(() -> this.engine.store().release(this.id, new ReleaseMode.KeepIfNobodyWaits(wanted)))
                .whenComplete((outcome, failure) ->
                        this.queue.guarded(later -> keepAnswered(setting, outcome, failure, later)));
    }

    private void keepAnswered(
            Lease.Setting setting, @Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (this.state != State.RELEASING) {
            if (outcome instanceof ReleaseOutcome.Kept) {
                this.engine.departures().leave(this.id);
            }
        } else if (outcome instanceof ReleaseOutcome.Kept kept) {
            this.lease.confirm(setting);
            begin(kept.number(), now);
        } else {
            releaseEnded(outcome, failure, now);
        }
    }

    /** Gives the lock back. */
    void free(long now) {
        this.state = State.RELEASING;
        this.freeing = true;
        this.releaseSentAt = now;
        send(() -> this.engine.store().release(this.id, ReleaseMode.FREE))
                .whenComplete((outcome, failure) -> this.queue.guarded(later -> {
                    if (this.state == State.RELEASING) {
                        releaseEnded(outcome, failure, later);
                    }
                }));
    }

    private void releaseEnded(@Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        LockStoreException unknown = failure != null ? StoreFailures.of(failure) : null;
        gone(unknown != null || this.strayAnswer ? leave(unknown) : null);
        this.queue.gone(this, outcome, unknown, now);
    }

    // ---- any time ----

    /**
     * Looks whether something is due, with the timer.
     *
     * @param due takes the renewal that is to be sent
     * @return how long nothing else will be due
     */
    long check(List<LeaseTimer.DueRenewal> due) {
        return this.queue.guardedLong(now -> check(due, now));
    }

    private long check(List<LeaseTimer.DueRenewal> due, long now) {
        switch (this.state) {
            case REQUESTED -> {
                return this.asking ? checkAnswer(this.askedAt, now, this::failed) : Nanos.FOREVER;
            }
            case HELD -> {
                return checkLease(due, now);
            }
            case RELEASING -> {
                return checkAnswer(this.releaseSentAt, now, (failure, then) -> releaseEnded(null, failure, then));
            }
            default -> {
                return Nanos.FOREVER;
            }
        }
    }

    private long checkAnswer(long sentAt, long now, UnansweredAction action) {
        long left = sentAt + this.engine.commandTimeout() - now;
        if (left <= 0) {
            this.asking = false;
            action.accept(StoreFailures.unanswered(this.engine.commandTimeout()), now);
            return Nanos.FOREVER;
        }
        return left;
    }

    private long checkLease(List<LeaseTimer.DueRenewal> due, long now) {
        if (this.lease.left(now) <= 0) {
            lose("it was not renewed before it ran out", this.lease.mayLinger(), now);
            return Nanos.FOREVER;
        }
        if (this.keeper.giveUpUnanswered(now)) {
            this.queue.notExtended(now);
            if (this.state != State.HELD) {
                return this.engine.commandTimeout();
            }
        }
        Lease.Setting setting = this.keeper.startIfDue(now);
        if (setting != null) {
            due.add(new LeaseTimer.DueRenewal(this, new Renewal(this.id, setting.length()), setting));
        }
        return this.keeper.idleFor(now);
    }

    /** The end; whoever waits for the release waits for the departure that makes sure of it. */
    private void gone(Departures.@Nullable Departure departure) {
        cancelPoll();
        this.asking = false;
        this.state = State.GONE;
        this.engine.tenures().remove(this.id.owner(), this);
        this.queue.afterwards(() -> {
            if (departure == null) {
                this.released.complete(null);
            } else {
                CompletableFuture<Void> unused =
                        departure.done().whenComplete((nothing, failure) -> this.released.complete(null));
            }
        });
    }

    private static <T> CompletionStage<T> send(Supplier<CompletionStage<T>> command) {
        try {
            return command.get();
        } catch (RuntimeException ex) {
            return CompletableFuture.failedFuture(ex);
        }
    }

    /** What follows a command that nobody answered. */
    @FunctionalInterface
    private interface UnansweredAction {

        void accept(LockStoreException failure, long now);
    }

    /** The owner by which the store knows this tenure. */
    String owner() {
        return this.id.owner();
    }
}
