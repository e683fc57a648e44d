package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Renews the lease of a held tenure in the store when its present hold needs it, and finds the lease lost if that
 * fails. If only the wall clock indicates that the lease is over, a renewal decides within the command time-out.
 * Guarded by the queue.
 */
final class Renewer {

    /** Notified of the result, inside the guard. */
    interface Listener {

        /** A renewal was answered, or not in time: the lease has been extended, or the outcome is unknown. */
        void renewed(boolean extended, long now);

        /**
         * This owner no longer has the lock, or may no longer have it.
         *
         * @param lingers whether it may be in the store
         */
        void lost(String reason, boolean lingers, long now);
    }

    private final TenureState state;

    private final LeaseValidity lease;

    private final Listener listener;

    private final EngineContext engine;

    private final RenewalSchedule schedule;

    /** The renewal that waits for its answer. */
    private LeaseValidity.@Nullable Setting underWay;

    /** Whether a renewal without an answer may have extended the lease, or may still do so. */
    private boolean unanswered;

    /** Why the last renewal failed since the tenure began, or went on; {@code null} if it did not. */
    private @Nullable LockStoreException failure;

    /** Done once it is known whether a doubtful lease is held; {@code null} where there is no doubt. */
    private @Nullable CompletableFuture<Void> decision;

    private long doubtfulSince;

    Renewer(TenureState state, LeaseValidity lease, Listener listener) {
        this.state = state;
        this.lease = lease;
        this.listener = listener;
        this.engine = state.engine;
        this.schedule = new RenewalSchedule(lease);
    }

    /** The tenure begins, or goes on. */
    void begin(long now) {
        this.underWay = null;
        this.failure = null;
        this.schedule.begin(now);
    }

    /** A hold begins: from now on, renewals request its lease. */
    void holdBegins(LockRequest request, boolean covered, long now) {
        this.state.guard.assertHeld();
        this.lease.holdBegins(request, now);
        this.schedule.holdBegins(request, covered, now);
        // a covered lease is proven by both clocks: one of them is enough to plan
        this.state.lookEarlier(idleFor(covered ? this.lease.leftUntilOver(now) : this.lease.left(now), now), now);
    }

    void holdEnds() {
        this.state.guard.assertHeld();
        this.schedule.holdEnds();
        this.lease.holdEnds();
    }

    boolean awaitsAnswer() {
        return this.underWay != null;
    }

    /** For how long a renewal of the present hold has been due. Needs no guard. */
    long lateBy(long now) {
        return this.schedule.lateBy(now);
    }

    /** Renews the lease for a coming hold immediately. */
    void extend(Duration length, long now) {
        send(start(length, now), now);
    }

    /**
     * Renews it immediately if the present hold has not got the lease that it has requested: the next hold will need
     * it. A short hold without waiting callers does not need it.
     */
    void extendIfDue(boolean followed, long now) {
        // it has just been proven by both clocks: one of them is enough to plan
        long idle = idleFor(this.lease.leftUntilOver(now), now);
        if (followed || idle <= 0) {
            send(start(this.schedule.due(now), now), now);
        } else {
            this.state.lookWithin(idle, now);
        }
    }

    private void send(LeaseValidity.@Nullable Setting setting, long now) {
        if (setting != null) {
            this.state.lookEarlier(idleFor(this.lease.leftUntilOver(now), now), now);
            DueCommands only = new DueCommands();
            add(setting, only);
            only.send(this.engine.store);
        }
    }

    private void add(LeaseValidity.Setting setting, DueCommands due) {
        due.renew(
                new Renewal(this.state.id, setting.length()),
                (outcome, failure) -> answered(setting, outcome, failure));
    }

    /** A renewal for a lease of this length, recorded as sent; {@code null} if none is due, or one is in flight. */
    private LeaseValidity.@Nullable Setting start(@Nullable Duration length, long now) {
        if (length == null || this.underWay != null || length.toMillis() <= 0) {
            return null;
        }
        this.state.guard.assertHeld();
        this.schedule.sends(now);
        this.underWay = this.lease.sending(length, false, now);
        return this.underWay;
    }

    /** For how long nothing is due: no renewal, no end of waiting for its answer, and no end of the lease. */
    private long idleFor(long left, long now) {
        LeaseValidity.Setting sent = this.underWay;
        long idle = sent != null ? sent.at() + this.engine.commandTimeout - now : this.schedule.idleFor(left, now);
        return Math.min(idle, this.lease.leftUntilOver(now));
    }

    /** The store has answered a renewal, or has not. */
    void answered(LeaseValidity.Setting setting, @Nullable RenewOutcome outcome, @Nullable Throwable failure) {
        this.state.guard.run(now -> answered(setting, outcome != null ? outcome : RenewOutcome.failed(failure), now));
    }

    private void answered(LeaseValidity.Setting setting, RenewOutcome outcome, long now) {
        if (!this.state.isHeld()) {
            return;
        }
        if (this.schedule.hasHold() && this.lease.leftUntilOver(now) <= 0) {
            this.listener.lost(whyOver(now), mayLinger(), now);
            return;
        }
        boolean inTime = setting.equals(this.underWay);
        this.underWay = inTime ? null : this.underWay;
        if (outcome instanceof RenewOutcome.Renewed) {
            renewed(setting, now);
        } else if (outcome instanceof RenewOutcome.NotOwner) {
            disowned(now);
        } else if (outcome instanceof RenewOutcome.Failed why) {
            LockStoreException failed = StoreFailures.of(why.cause());
            this.failure = failed;
            this.unanswered |= StoreFailures.isUnknown(failed);
            LockLog.renewalFailed(this.state, failed);
            if (inTime) {
                this.state.renewalFailed(failed);
            }
            this.state.lookWithin(this.schedule.retry(now), now);
            this.listener.renewed(false, now);
        }
    }

    /** The store reports, asked or not, that this owner no longer has the lock. */
    void disowned(long now) {
        if (this.state.isHeld()) {
            this.listener.lost("the lock store reports that this owner no longer has the lock", false, now);
        }
    }

    private void renewed(LeaseValidity.Setting setting, long now) {
        this.unanswered = false;
        this.failure = null;
        this.engine.monitor.renewed(this.state.name, now - this.schedule.dueSince(), this.state.guard);
        this.lease.confirm(setting, now);
        this.schedule.renewed(setting.at());
        decide(now);
        this.listener.renewed(true, now);
        if (this.state.isHeld() && this.schedule.hasHold()) {
            this.state.lookWithin(idleFor(this.lease.left(now), now), now);
        }
    }

    /** Why the lease is over, as far as this process knows. */
    String whyOver(long now) {
        Duration limit = this.lease.passedLimit(now);
        if (limit != null) {
            return "its maximum hold time " + limit + " has elapsed";
        }
        if (!this.schedule.isRenewed()) {
            return "its lease time has elapsed, and it is not renewed (renew = false)";
        }
        if (this.failure != null) {
            return "it could not be renewed in time: " + this.failure.getMessage();
        }
        return isUnanswered()
                ? "it could not be renewed in time: the lock store did not answer"
                : "it was not renewed in time: this process was paused, or had too little processor time";
    }

    /** Whether the lease may be longer in the store than it is here. */
    private boolean mayLinger() {
        return isUnanswered() || this.state.openExtensions > 0;
    }

    private boolean isUnanswered() {
        return this.underWay != null || this.unanswered;
    }

    /**
     * Lets a renewal decide whether the lease is held, if only the wall clock indicates that it is over.
     *
     * @return done once that is known; {@code null} if it is known already
     */
    @Nullable CompletableFuture<Void> decision(long now) {
        if (beginsToDoubt(now)) {
            send(start(this.schedule.due(now), now), now);
        }
        return this.decision;
    }

    private boolean beginsToDoubt(long now) {
        decide(now);
        boolean begins = this.decision == null && this.state.isHeld() && this.lease.isDoubtful(now);
        if (begins) {
            this.decision = new CompletableFuture<>();
            this.doubtfulSince = now;
        }
        return begins;
    }

    /** Ends the doubt, one way or the other, if there is no reason or no time left for it. */
    private void decide(long now) {
        if (this.decision == null) {
            return;
        }
        if (!this.lease.isDoubtful(now)) {
            end();
        } else if (now - this.doubtfulSince >= this.engine.commandTimeout) {
            this.listener.lost(
                    "the machine was suspended, or its clock set forward, and the lock store did not confirm the"
                            + " lease",
                    true,
                    now);
        }
    }

    /** There is no longer any doubt. */
    void end() {
        CompletableFuture<Void> known = this.decision;
        if (known != null) {
            this.decision = null;
            this.state.guard.afterwards(() -> known.complete(null));
        }
    }

    /**
     * Checks whether the lease is over or a renewal is due; called by the timer. Returns for how long nothing is due.
     */
    long check(DueCommands due, long now) {
        if (this.lease.leftUntilOver(now) <= 0) {
            this.listener.lost(whyOver(now), mayLinger(), now);
            return Nanos.FOREVER;
        }
        LeaseValidity.Setting sent = this.underWay;
        if (sent != null && now - sent.at() >= this.engine.commandTimeout) {
            this.underWay = null;
            this.unanswered = true;
            this.state.renewalFailed(StoreFailures.unanswered(this.engine.commandTimeout));
            this.listener.renewed(false, now);
        }
        if (this.state.isHeld() && this.schedule.hasHold()) {
            beginsToDoubt(now);
        }
        if (!this.state.isHeld()) {
            return this.engine.commandTimeout;
        }
        LeaseValidity.Setting setting = start(this.schedule.due(now), now);
        if (setting != null) {
            add(setting, due);
        }
        return idleFor(this.lease.left(now), now);
    }
}
