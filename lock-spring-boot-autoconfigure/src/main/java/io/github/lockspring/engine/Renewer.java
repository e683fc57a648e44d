package io.github.lockspring.engine;

import io.github.lockspring.LockRequest;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Has the store renew the lease of a held tenure when its present hold needs it, and finds the lease lost where that fails.
 * Where only the wall clock says that the lease is over, a renewal decides within the command time-out. Guarded by the
 * queue.
 */
final class Renewer {

    /** What is due within this time goes out with what is due now. */
    static final long BATCH = 50 * Nanos.MILLI;

    /** A hold that is over by then needs no longer lease than it began with, if that was no shorter than this. */
    private static final long SHORT_HOLD = 10 * Nanos.MILLI;

    private static final long ENOUGH_FOR_SHORT_HOLDS = 1_000 * Nanos.MILLI;

    private static final long SHORTEST_PAUSE = 10 * Nanos.MILLI;

    private static final long LONGEST_PAUSE = 1_000 * Nanos.MILLI;

    private static final String RAN_OUT = "it was not renewed before it ran out";

    private final Tenure tenure;

    private final LocalQueue queue;

    private final LeaseValidity lease;

    /** The renewal that waits for its answer. */
    private LeaseValidity.@Nullable Setting underWay;

    /** What the present hold has asked for, {@code null} while there is none. */
    private @Nullable LockRequest wanted;

    private long heldSince;

    /** Whether a hold that is not renewed has got the lease that it has asked for. */
    private boolean complete;

    /** Whether a renewal that nobody answered may have extended the lease, or may yet. */
    private boolean unanswered;

    /** No renewal before then: one has failed, or the hold may be over. */
    private long notBefore;

    /** Done once it is known whether a doubtful lease is held; {@code null} where there is no doubt. */
    private @Nullable CompletableFuture<Void> decision;

    private long doubtfulSince;

    Renewer(Tenure tenure) {
        this.tenure = tenure;
        this.queue = tenure.queue;
        this.lease = tenure.lease;
    }

    /** The tenure begins, or goes on. */
    void begin(long now) {
        this.underWay = null;
        this.notBefore = now;
    }

    /** A hold begins: from now on its lease is what renewals ask for. */
    void holdBegins(LockRequest request, boolean covered, long now) {
        this.wanted = request;
        this.heldSince = now;
        this.complete = covered;
        if (!covered && this.lease.left(now) >= ENOUGH_FOR_SHORT_HOLDS) {
            this.notBefore = now + SHORT_HOLD;
        }
        // what is covered is proven by both clocks: one of them is enough to plan
        this.tenure.lookEarlier(idleFor(covered ? this.lease.leftUntilOver(now) : this.lease.left(now), now), now);
    }

    void holdEnds() {
        this.wanted = null;
    }

    boolean awaitsAnswer() {
        return this.underWay != null;
    }

    /** Renews the lease for a hold to come, at once. */
    void extend(Duration length, long now) {
        send(start(length, now), now);
    }

    /**
     * Renews it at once if the present hold has not got what it asked for: the next one will need it. A hold that nobody
     * waits to follow is spared it while it is short.
     */
    void extendIfDue(boolean followed, long now) {
        long idle = idleFor(this.lease.left(now), now);
        if (followed || idle <= 0) {
            send(startIfDue(now), now);
        } else {
            this.tenure.lookWithin(idle, now);
        }
    }

    private void send(LeaseValidity.@Nullable Setting setting, long now) {
        if (setting != null) {
            this.tenure.lookEarlier(idleFor(this.lease.left(now), now), now);
            this.tenure.engine.timer.renew(List.of(due(setting)));
        }
    }

    private EngineTimer.DueRenewal due(LeaseValidity.Setting setting) {
        return new EngineTimer.DueRenewal(this, new Renewal(this.tenure.id, setting.length()), setting);
    }

    /** Whether nothing hinders another renewal; if so, it is noted as sent. */
    private LeaseValidity.@Nullable Setting start(Duration length, long now) {
        if (this.underWay != null || length.toMillis() <= 0) {
            return null;
        }
        this.underWay = this.lease.set(length, false, now);
        return this.underWay;
    }

    /** The renewal that is due for the present hold. */
    private LeaseValidity.@Nullable Setting startIfDue(long now) {
        LockRequest hold = this.wanted;
        if (hold == null || idleFor(hold, this.lease.left(now), now) > BATCH) {
            return null;
        }
        if (hold.renew()) {
            return start(hold.leaseTime(), now);
        }
        return start(
                this.complete
                        ? Duration.ofNanos(this.lease.leftUntilOver(now))
                        : hold.leaseTime().minusNanos(now - this.heldSince),
                now);
    }

    /** A hold that is renewed needs that when a third of what its lease proves has passed. */
    private long idleFor(LockRequest hold, long left, long now) {
        long leftWhenDue = Nanos.proven(0, hold.leaseTime()) / 3 * 2;
        long idle = left <= 0 ? 0 : hold.renew() ? left - leftWhenDue : this.complete ? Nanos.FOREVER : 0;
        return Math.max(idle, this.notBefore - now);
    }

    /** How long nothing is due: neither a renewal, nor the end of waiting for one, nor the end of the lease. */
    private long idleFor(long left, long now) {
        LeaseValidity.Setting sent = this.underWay;
        LockRequest hold = this.wanted;
        long idle = sent != null
                ? sent.at() + this.tenure.engine.commandTimeout - now
                : hold != null ? idleFor(hold, left, now) : Nanos.FOREVER;
        return Math.min(idle, this.lease.leftUntilOver(now));
    }

    /** The store has answered a renewal, or has not. */
    void answered(LeaseValidity.Setting setting, @Nullable RenewOutcome outcome, @Nullable Throwable failure) {
        this.queue.guard.run(now -> answered(setting, outcome != null ? outcome : RenewOutcome.failed(failure), now));
    }

    private void answered(LeaseValidity.Setting setting, RenewOutcome outcome, long now) {
        if (!this.tenure.isHeld()) {
            return;
        }
        if (this.queue.inUse() && this.lease.leftUntilOver(now) <= 0) {
            lose(RAN_OUT, mayLinger(), now);
            return;
        }
        if (setting.equals(this.underWay)) {
            this.underWay = null;
        }
        if (outcome instanceof RenewOutcome.Renewed) {
            renewed(setting, now);
        } else if (outcome instanceof RenewOutcome.NotOwner) {
            lose("the store says that the lock is not this owner's any more", false, now);
        } else {
            this.unanswered |= outcome instanceof RenewOutcome.Failed failed && StoreFailures.isUnknown(failed.cause());
            long pause = Math.max(SHORTEST_PAUSE, Math.min(this.lease.left(now) / 8, LONGEST_PAUSE));
            this.notBefore = now + pause;
            this.tenure.lookWithin(pause, now);
            this.queue.notExtended(now);
        }
    }

    private void renewed(LeaseValidity.Setting setting, long now) {
        this.unanswered = false;
        this.lease.confirm(setting, now);
        this.complete |= setting.at() - this.heldSince >= 0;
        decide(now);
        this.queue.extended(now);
        if (this.tenure.isHeld() && this.queue.inUse()) {
            this.tenure.lookWithin(idleFor(this.lease.left(now), now), now);
        }
    }

    /** Whether the lease may be longer in the store than it is here. */
    private boolean mayLinger() {
        return this.underWay != null || this.unanswered;
    }

    /**
     * Has a renewal decide whether the lease is held, where only the wall clock says that it is over.
     *
     * @return done once that is known; {@code null} if it is known already
     */
    @Nullable CompletableFuture<Void> decision(long now) {
        if (beginsToDoubt(now)) {
            send(startIfDue(now), now);
        }
        return this.decision;
    }

    private boolean beginsToDoubt(long now) {
        decide(now);
        boolean begins = this.decision == null && this.tenure.isHeld() && this.lease.isDoubtful(now);
        if (begins) {
            this.decision = new CompletableFuture<>();
            this.doubtfulSince = now;
        }
        return begins;
    }

    /** Ends the doubt, in one way or the other, if there is no reason or no time for it any more. */
    private void decide(long now) {
        if (this.decision == null) {
            return;
        }
        if (!this.lease.isDoubtful(now)) {
            end();
        } else if (now - this.doubtfulSince >= this.tenure.engine.commandTimeout) {
            lose("the machine was suspended, or its clock put forward, and the store did not confirm it", true, now);
        }
    }

    /** There is no doubt any more. */
    void end() {
        CompletableFuture<Void> known = this.decision;
        if (known != null) {
            this.decision = null;
            this.queue.guard.afterwards(() -> known.complete(null));
        }
    }

    private void lose(String reason, boolean lingers, long now) {
        this.tenure.lost(lingers);
        this.queue.lost(this.tenure, reason, now);
    }

    /** Looks, with the timer, whether the lease is over or a renewal is due; returns how long nothing is. */
    long check(EngineTimer.Due due, long now) {
        if (this.lease.leftUntilOver(now) <= 0) {
            lose(RAN_OUT, mayLinger(), now);
            return Nanos.FOREVER;
        }
        LeaseValidity.Setting sent = this.underWay;
        if (sent != null && now - sent.at() >= this.tenure.engine.commandTimeout) {
            this.underWay = null;
            this.unanswered = true;
            this.queue.notExtended(now);
        }
        if (this.tenure.isHeld() && this.queue.inUse()) {
            beginsToDoubt(now);
        }
        if (!this.tenure.isHeld()) {
            return this.tenure.engine.commandTimeout;
        }
        LeaseValidity.Setting setting = startIfDue(now);
        if (setting != null) {
            due.renewals().add(due(setting));
        }
        return idleFor(this.lease.left(now), now);
    }
}
