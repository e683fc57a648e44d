package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One owner's dealings with the store: {@code REQUESTED → HELD ⇄ RELEASING → GONE}, {@code HELD → LOST}. All state is
 * guarded by the queue; whatever sends does so as its last act, since a store may answer at once.
 */
final class Tenure {

    private static final Logger log = LoggerFactory.getLogger(Tenure.class);

    private enum State {
        REQUESTED,
        HELD,
        RELEASING,
        LOST,
        GONE
    }

    final EngineContext engine;

    final LocalQueue queue;

    /** The owner by which the store knows this tenure, and its lock. */
    final TenureId id;

    final Slice slice;

    final LeaseValidity lease;

    final Renewer renewer;

    final Acquisition acquisition;

    /** Done when the store has answered the release, or the leave that makes up for it; or there is nothing to release. */
    final CompletableFuture<Void> released = new CompletableFuture<>();

    private volatile State state = State.REQUESTED;

    /** When the timer is to look at it again. Written inside the guard. */
    volatile long lookAt;

    /** When the newest question, or release, was sent. */
    private long sentAt;

    /** Whether the store may yet have the lock as this owner's although the lease is lost. */
    private boolean lingers;

    /** Whether the hold is over for us while its work goes on: nothing may free the lock. */
    private boolean leftToExpire;

    /** The lock has been given back; only the answer is missing. */
    volatile boolean freeing;

    /** Whether an old question was answered during the release, which may have been executed after it. */
    private boolean strayAnswer;

    Tenure(EngineContext engine, LocalQueue queue, String fullName, boolean fair, long now) {
        this.engine = engine;
        this.queue = queue;
        this.id = TenureId.exclusive(fullName, engine.owners.next());
        this.slice = new Slice(engine.handOverAfter);
        this.lease = new LeaseValidity(engine.clock, now);
        this.renewer = new Renewer(this);
        this.acquisition = new Acquisition(this, fair, now);
        this.lookAt = now + EngineTimer.LONGEST_IDLE;
        this.sentAt = now;
    }

    boolean isRequested() {
        return this.state == State.REQUESTED;
    }

    boolean isHeld() {
        return this.state == State.HELD;
    }

    boolean isReleasing() {
        return this.state == State.RELEASING;
    }

    LockHolder holder() {
        return new LockHolder(this.id.owner(), this.lease.remaining());
    }

    /** Whether the store has not answered in time. */
    boolean isUnanswered(long now) {
        return (isRequested() || isReleasing()) && leftToAnswer(now) <= 0;
    }

    /** How much longer the answer to the newest question, or release, may take. */
    long leftToAnswer(long now) {
        return this.sentAt + this.engine.commandTimeout - now;
    }

    /** A question, or a release, is being sent. */
    void sends(long now) {
        this.sentAt = now;
        lookEarlier(this.engine.commandTimeout, now);
    }

    // ---- REQUESTED ----

    /** A question was answered with the lock, which may be this owner's already, or have been. */
    void acquired(LeaseValidity.Setting setting, long number, long now) {
        switch (this.state) {
            case REQUESTED -> begin(setting, number, now);
            case HELD -> this.lease.confirm(setting, now);
            case RELEASING, LOST, GONE -> maybeKnownAgain();
        }
    }

    /** The store may know the owner, now or later, although nobody awaits that any more. */
    void maybeKnownAgain() {
        if (isReleasing()) {
            this.strayAnswer = true;
        } else if (!isHeld() && !this.leftToExpire) {
            PendingLeaves.Leave unused = leave(false);
        }
    }

    /** Takes the owner out of the store, once more later if a command of its may arrive after that. */
    private PendingLeaves.Leave leave(boolean again) {
        PendingLeaves.Leave leave = this.engine.leaves.add(this.id, again || this.acquisition.isOpen());
        leave.send();
        return leave;
    }

    // ---- HELD ----

    /** The lock is this owner's, with the lease that this command has set. */
    void begin(LeaseValidity.Setting setting, long number, long now) {
        this.lease.begin(setting);
        this.slice.begin(number, now);
        this.strayAnswer = false;
        this.renewer.begin(now);
        this.state = State.HELD;
        this.queue.began(now);
    }

    /**
     * The lock is not this owner's any more, or may not be.
     *
     * @param lingers whether it may be in the store
     */
    void lost(boolean lingers) {
        this.lingers = lingers || !this.leftToExpire && this.acquisition.isOpen();
        settle(null);
        end(State.LOST);
    }

    /** The lost hold has ended: what may be left of it in the store need not wait for its expiry. */
    void leaveAfterLoss() {
        if (this.lingers) {
            this.lingers = false;
            PendingLeaves.Leave unused = leave(false);
        }
    }

    /** Its holds rely on nothing any more; the store lets it expire. */
    void forsake() {
        this.leftToExpire = true;
        lost(false);
    }

    // ---- RELEASING ----

    /** Asks the store whether the tenure may go on with a new number. */
    void keep(Duration wanted, long now) {
        this.state = State.RELEASING;
        sends(now);
        LeaseValidity.Setting setting = this.lease.set(wanted, true, now);
        StoreFailures.caught(() -> this.engine.store.release(this.id, new ReleaseMode.KeepIfNobodyWaits(wanted)))
                .whenComplete((outcome, failure) ->
                        this.queue.guard.run(later -> keepAnswered(setting, outcome, failure, later)));
    }

    private void keepAnswered(
            LeaseValidity.Setting setting, @Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (!(outcome instanceof ReleaseOutcome.Kept kept)) {
            releaseAnswered(outcome, failure, now);
        } else if (isReleasing()) {
            begin(setting, kept.number(), now);
        } else {
            maybeKnownAgain();
        }
    }

    /** Gives the lock back. */
    void free(long now) {
        this.state = State.RELEASING;
        sends(now);
        this.freeing = true;
        this.engine.releases.outstanding.incrementAndGet();
        StoreFailures.caught(() -> this.engine.store.release(this.id, ReleaseMode.FREE))
                .whenComplete(
                        (outcome, failure) -> this.queue.guard.run(later -> releaseAnswered(outcome, failure, later)));
    }

    /** The lock is not this owner's any more, or the store has not answered. */
    private void releaseAnswered(@Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (!isReleasing()) {
            return;
        }
        if (outcome instanceof ReleaseOutcome.NotOwner && this.lease.left(now) > 0) {
            this.queue.guard.afterwards(this::warnOfAnEarlyEnd);
        }
        LockStoreException known = failure != null ? StoreFailures.of(failure) : null;
        boolean unknown = known != null && StoreFailures.isUnknown(known);
        gone(known != null || this.strayAnswer || this.acquisition.isOpen(), unknown);
        this.queue.gone(this, outcome, known, now);
    }

    private void warnOfAnEarlyEnd() {
        log.warn(
                "Lock '{}' was not {}'s any more when it was released, although its lease was not over: the store has lost"
                        + " it (an eviction, a fail-over, a deletion, a clock put forward), and another process may have"
                        + " had it meanwhile; or the driver has repeated the release after a reconnect",
                this.id.fullName(),
                this.id.owner());
    }

    /** Gives up waiting for an answer that is overdue; returns how long it may yet take. */
    private long checkRelease(long now) {
        long left = leftToAnswer(now);
        if (left <= 0) {
            releaseAnswered(null, StoreFailures.unanswered(this.engine.commandTimeout), now);
            return Nanos.FOREVER;
        }
        return left;
    }

    /** There is nothing to wait for any more, once the owner that is leaving has left. */
    private void settle(PendingLeaves.@Nullable Leave leave) {
        this.queue.guard.afterwards(() -> {
            if (leave == null) {
                settled();
            } else {
                CompletableFuture<Void> unused = leave.done.whenComplete((nothing, failure) -> settled());
            }
        });
    }

    private void settled() {
        if (this.released.complete(null) && this.freeing) {
            this.engine.releases.outstanding.decrementAndGet();
        }
    }

    // ---- any time ----

    /** Nobody wants it any more, or the store will not do what it is asked. */
    void giveUp(long now) {
        if (isRequested()) {
            gone(this.acquisition.maybeKnown(), false);
        } else if (isHeld()) {
            free(now);
        }
    }

    /** Has the timer look at it after a time, at the latest when the pause after its last look is over. */
    void lookWithin(long delay, long now) {
        long at = now + delay;
        if (at - this.lookAt < 0) {
            this.lookAt = at;
        }
        this.engine.timer.within(delay);
    }

    /** The same, if the timer would not look at it before. */
    void lookEarlier(long delay, long now) {
        if (now + delay - this.lookAt < 0) {
            lookWithin(delay, now);
        }
    }

    /**
     * Looks whether something is due, with the timer.
     *
     * @param due takes the renewal that is to be sent, or the wish to poll
     * @return how long nothing else will be due; a queue that is busy is passed over
     */
    long check(EngineTimer.Due due) {
        return this.queue.guard.tryCall(now -> {
            this.queue.check(now);
            if (!this.queue.has(this)) {
                // the queue has gone on without it: an error has hindered its end
                giveUp(now);
            }
            long idle = switch (this.state) {
                case REQUESTED -> this.acquisition.check(due, now);
                case HELD -> this.renewer.check(due, now);
                case RELEASING -> checkRelease(now);
                case LOST, GONE -> Nanos.FOREVER;
            };
            idle = Math.min(idle, EngineTimer.LONGEST_IDLE);
            this.lookAt = now + idle;
            return idle;
        });
    }

    /**
     * The end; what waits for the release waits for the owner to leave, which makes sure of it. The owner is among those
     * that leave before it is not among the tenures any more: a shutdown finds it here or there.
     */
    private void gone(boolean maybeKnown, boolean again) {
        PendingLeaves.Leave leave = maybeKnown ? leave(again) : null;
        settle(leave);
        end(State.GONE);
    }

    private void end(State end) {
        this.renewer.end();
        this.state = end;
        this.engine.tenures.remove(this.id.owner(), this);
    }
}
