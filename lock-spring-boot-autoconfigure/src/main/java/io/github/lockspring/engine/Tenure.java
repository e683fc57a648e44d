package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
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

    private final EngineContext engine;

    private final LocalQueue queue;

    private final TenureId id;

    private final Slice slice;

    private final LeaseValidity lease;

    private final RenewalSchedule schedule;

    private final Renewer renewer;

    private final Acquisition acquisition;

    private final Release release;

    private volatile State state = State.REQUESTED;

    /** When the timer is to look at it again. Written inside the guard. */
    private volatile long lookAt;

    /** Whether the store may yet have the lock as this owner's although the lease is lost. */
    private boolean lingers;

    /** Whether the hold is over for us while its work goes on: nothing may free the lock. */
    private boolean leftToExpire;

    /** Whether an old question was answered during the release, which may have been executed after it. */
    private boolean strayAnswer;

    Tenure(EngineContext engine, LocalQueue queue, String fullName, boolean fair, long now) {
        this.engine = engine;
        this.queue = queue;
        this.id = TenureId.exclusive(fullName, engine.owners.next());
        this.slice = new Slice(engine.handOverAfter);
        this.lease = new LeaseValidity(engine.clock);
        this.schedule = new RenewalSchedule(this.lease, engine.commandTimeout);
        this.renewer = new Renewer(engine, queue, this, this.id, this.lease, this.schedule);
        this.acquisition = new Acquisition(engine, queue, this, this.id, fair, this.lease, now);
        this.release = new Release(engine, queue, this, this.id, this.lease);
        this.lookAt = now + EngineTimer.LONGEST_IDLE;
    }

    LocalQueue queue() {
        return this.queue;
    }

    Slice slice() {
        return this.slice;
    }

    LeaseValidity lease() {
        return this.lease;
    }

    RenewalSchedule schedule() {
        return this.schedule;
    }

    Renewer renewer() {
        return this.renewer;
    }

    Release release() {
        return this.release;
    }

    /** The owner by which the store knows this tenure. */
    String owner() {
        return this.id.owner();
    }

    State state() {
        return this.state;
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

    /** Since when the command that is under way has not been answered. */
    long silentSince(long now) {
        return switch (this.state) {
            case REQUESTED -> this.acquisition.askedAt();
            case RELEASING -> this.release.sentAt();
            default -> now;
        };
    }

    // ---- REQUESTED ----

    /** Whether it is known that somebody else has the lock, who that is being the answer; otherwise {@code null}. */
    @Nullable LockHolder contender(long now) {
        return this.acquisition.contender(now);
    }

    boolean awaitsAnswer() {
        return this.acquisition.awaitsAnswer();
    }

    void ask(long now) {
        this.acquisition.ask(now);
    }

    /** It is time to ask again. */
    void poll() {
        this.queue.guard().run(now -> {
            if (isRequested()) {
                this.acquisition.poll(now);
            }
        });
    }

    /** Another caller has come. */
    void entered(long now) {
        this.acquisition.entered(now);
    }

    /** The subscription is new, or gone. */
    void pollSoon() {
        this.queue.guard().run(now -> {
            if (isRequested()) {
                this.acquisition.pollSoon(now);
            }
        });
    }

    /** The first grant while the request is outstanding is ours; one for an owner that is gone is given back. */
    void granted(Grant grant) {
        this.queue.guard().run(now -> {
            switch (this.state) {
                case REQUESTED -> this.acquisition.granted(grant, now);
                case GONE, LOST -> maybeKnownAgain();
                case HELD, RELEASING -> {
                    // what it speaks of is ours already
                }
            }
        });
    }

    /** The store will not do what it is asked. */
    void refused(LockStoreException failure, long now) {
        gone(this.acquisition.maybeKnown(), false);
        this.queue.refused(this, failure, now);
    }

    /** Nobody waits locally any more. */
    void abandon() {
        gone(this.acquisition.maybeKnown(), false);
    }

    /** Another question was answered with the lock, which is this owner's already, or was. */
    void acquiredAgain(LeaseValidity.Setting setting, long now) {
        if (isHeld()) {
            this.lease.confirm(setting, now);
        } else {
            maybeKnownAgain();
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
        this.acquisition.end();
        this.lease.begin(setting);
        this.slice.begin(number, now);
        this.strayAnswer = false;
        this.schedule.begin(now);
        this.state = State.HELD;
        this.queue.began(now);
    }

    void holdEnds() {
        this.schedule.holdEnds();
    }

    /**
     * The lock is not this owner's any more, or may not be.
     *
     * @param lingers whether it may be in the store
     */
    void lost(boolean lingers) {
        this.lingers = lingers || !this.leftToExpire && this.acquisition.isOpen();
        end(State.LOST);
        this.release.settle(null);
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
        lookEarlier(this.engine.commandTimeout, now);
        this.release.keep(wanted, now);
    }

    /** Gives the lock back. */
    void free(long now) {
        this.state = State.RELEASING;
        lookEarlier(this.engine.commandTimeout, now);
        this.release.free(now);
    }

    /** The store has answered that the lock is not this owner's any more, or has not answered. */
    void released(@Nullable LockStoreException failure) {
        boolean unknown = failure != null && StoreFailures.isUnknown(failure);
        gone(failure != null || this.strayAnswer || this.acquisition.isOpen(), unknown);
    }

    // ---- any time ----

    /** When the timer is to look at it again. Needs no guard. */
    long lookAt() {
        return this.lookAt;
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
        return this.queue.guard().tryCall(now -> {
            this.queue.check(now);
            if (!this.queue.has(this)) {
                giveUp(now);
            }
            long idle = switch (this.state) {
                case REQUESTED -> this.acquisition.check(due, now);
                case HELD -> this.renewer.check(due, now);
                case RELEASING -> this.release.checkAnswer(now);
                case LOST, GONE -> Nanos.FOREVER;
            };
            idle = Math.min(idle, EngineTimer.LONGEST_IDLE);
            this.lookAt = now + idle;
            return idle;
        });
    }

    /** Nobody wants the lock any more, or the queue has gone on without it: an error has hindered its end. */
    void giveUp(long now) {
        if (isRequested()) {
            abandon();
        } else if (isHeld()) {
            free(now);
        }
    }

    /**
     * The end; what waits for the release waits for the owner to leave, which makes sure of it. The owner is among those
     * that leave before it is not among the tenures any more: a shutdown finds it here or there.
     */
    private void gone(boolean maybeKnown, boolean again) {
        PendingLeaves.Leave leave = maybeKnown ? leave(again) : null;
        end(State.GONE);
        this.release.settle(leave);
    }

    private void end(State end) {
        this.acquisition.end();
        this.renewer.end();
        this.state = end;
        this.engine.tenures.remove(this.id.owner(), this);
    }
}
