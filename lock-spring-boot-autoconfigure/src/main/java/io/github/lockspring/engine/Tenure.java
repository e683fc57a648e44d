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

    private final Lease lease;

    private final LeaseKeeper keeper;

    private final LeaseRenewal renewal;

    private final Inquiry inquiry;

    private final Release release;

    private volatile State state = State.REQUESTED;

    /** When the timer is to look at it again. Written inside the guard. */
    private volatile long lookAt;

    /** Whether a lost lease may yet be extended in the store by a renewal that nobody answered. */
    private boolean lingers;

    /** Whether the hold is over for us while its work goes on: nothing may free the lock. */
    private boolean leftToExpire;

    /** Whether an old question was answered during the release, which may have been executed after it. */
    private boolean strayAnswer;

    Tenure(EngineContext engine, LocalQueue queue, String fullName, boolean fair, long now) {
        this.engine = engine;
        this.queue = queue;
        this.id = TenureId.exclusive(fullName, engine.owners().next());
        this.slice = new Slice(engine.handOverAfter());
        this.lease = new Lease(engine);
        this.keeper = new LeaseKeeper(engine, this.lease);
        this.renewal = new LeaseRenewal(engine, queue, this, this.id, this.lease, this.keeper);
        this.inquiry = new Inquiry(engine, queue, this, this.id, fair, this.lease);
        this.release = new Release(engine, queue, this, this.id, this.lease);
        this.lookAt = now;
    }

    LocalQueue queue() {
        return this.queue;
    }

    Slice slice() {
        return this.slice;
    }

    Lease lease() {
        return this.lease;
    }

    LeaseKeeper keeper() {
        return this.keeper;
    }

    LeaseRenewal renewal() {
        return this.renewal;
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

    /** Whether the clocks still prove the lease. Needs no guard. */
    boolean isProven() {
        return this.lease.isProven();
    }

    /** Needs no guard. */
    Duration remaining() {
        return this.lease.remaining();
    }

    LockHolder holder() {
        return new LockHolder(this.id.owner(), remaining());
    }

    /** Since when the command that is under way has not been answered. */
    long silentSince(long now) {
        return switch (this.state) {
            case REQUESTED -> this.inquiry.askedAt();
            case RELEASING -> this.release.sentAt();
            default -> now;
        };
    }

    // ---- REQUESTED ----

    /** Whether it is known that somebody else has the lock, who that is being the answer; otherwise {@code null}. */
    @Nullable LockHolder contender(long now) {
        return this.inquiry.contender(now);
    }

    boolean awaitsAnswer() {
        return this.inquiry.awaitsAnswer();
    }

    void ask(long now) {
        this.inquiry.ask(now);
    }

    /** It is time to ask again. */
    void poll() {
        this.queue.guard().run(now -> {
            if (isRequested()) {
                this.inquiry.poll(now);
            }
        });
    }

    /** Somebody has come. */
    void entered(long now) {
        this.inquiry.entered(now);
    }

    /** The subscription is new, or gone. */
    void pollSoon() {
        this.queue.guard().run(now -> {
            if (isRequested()) {
                this.inquiry.pollSoon(now);
            }
        });
    }

    /** The first grant while the request is outstanding is ours; one for an owner that is gone is given back. */
    void granted(Grant grant) {
        this.queue.guard().run(now -> {
            switch (this.state) {
                case REQUESTED -> this.inquiry.granted(grant, now);
                case GONE, LOST -> {
                    if (!this.leftToExpire) {
                        leave(null);
                    }
                }
                case HELD, RELEASING -> {
                    // what it speaks of is ours already
                }
            }
        });
    }

    /** The request has failed. */
    void refused(boolean maybeKnown, LockStoreException failure, long now) {
        gone(maybeKnown, failure);
        this.queue.refused(this, failure, now);
    }

    /** Nobody waits locally any more. */
    void abandon() {
        gone(this.inquiry.maybeKnown(), null);
    }

    /** A question that nobody awaits any more was answered: the store may know the owner, now or later. */
    void answeredLate(@Nullable LockStoreException failure) {
        if (isReleasing()) {
            this.strayAnswer = true;
        } else if (!isHeld() && !this.leftToExpire) {
            leave(failure);
        }
    }

    /** Takes the owner out of the store; a command of unknown fate may arrive there later. */
    private Departures.Departure leave(@Nullable LockStoreException failure) {
        return failure != null && StoreFailures.isUnknown(failure)
                ? this.engine.departures().leaveTwice(this.id)
                : this.engine.departures().leave(this.id);
    }

    // ---- HELD ----

    /** The lock is this owner's, with a lease that has just begun. */
    void begin(long number, long now) {
        this.inquiry.end();
        this.slice.begin(number, now);
        this.strayAnswer = false;
        this.keeper.begin();
        this.state = State.HELD;
        this.queue.began(now);
    }

    void holdEnds() {
        this.keeper.holdEnds();
    }

    /**
     * The lock is not this owner's any more, or may not be.
     *
     * @param lingers whether a renewal that nobody answered may yet extend the lease in the store
     */
    void lost(boolean lingers) {
        this.lingers = lingers;
        end(State.LOST);
        this.release.settle(null);
    }

    /** The lost hold has ended: what an unanswered renewal may have left in the store need not wait for its expiry. */
    void departAfterLoss() {
        if (this.lingers) {
            this.lingers = false;
            this.engine.departures().leave(this.id);
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
        lookEarlier(this.engine.commandTimeout(), now);
        this.release.keep(wanted, now);
    }

    /** Gives the lock back. */
    void free(long now) {
        this.state = State.RELEASING;
        lookEarlier(this.engine.commandTimeout(), now);
        this.release.free(now);
    }

    /** The store has answered that the lock is not this owner's any more, or has not answered. */
    void released(@Nullable LockStoreException failure) {
        gone(failure != null || this.strayAnswer, failure);
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
        this.engine.leases().runWithin(delay);
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
     * @param longestIdle how long to leave it alone at most if it is not held
     * @return how long nothing else will be due
     */
    long check(LeaseTimer.Due due, long longestIdle) {
        return this.queue.guard().call(now -> {
            long idle = switch (this.state) {
                case REQUESTED -> Math.min(this.inquiry.check(due, now), longestIdle);
                case HELD -> Math.min(this.renewal.check(due, now), Math.max(this.lease.third(), longestIdle));
                case RELEASING -> Math.min(this.release.checkAnswer(now), longestIdle);
                case LOST, GONE -> longestIdle;
            };
            this.lookAt = now + idle;
            return idle;
        });
    }

    /**
     * The end; whoever waits for the release waits for the departure that makes sure of it. The owner is among those that
     * leave before it is not among the tenures any more: whoever shuts down finds it here or there.
     */
    private void gone(boolean maybeKnown, @Nullable LockStoreException failure) {
        Departures.Departure departure = maybeKnown ? leave(failure) : null;
        end(State.GONE);
        this.release.settle(departure);
    }

    private void end(State end) {
        this.inquiry.end();
        this.state = end;
        this.engine.tenures().remove(this.id.owner(), this);
    }
}
