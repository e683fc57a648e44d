package io.github.lockspring.engine;

import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Has the store renew the lease of a held tenure, and finds the lease lost where that fails. Where only the wall clock says
 * that the lease is over, a renewal decides within the command time-out. Guarded by the queue.
 */
final class Renewer {

    private static final String RAN_OUT = "it was not renewed before it ran out";

    private final EngineContext engine;

    private final LocalQueue queue;

    private final Tenure tenure;

    private final TenureId id;

    private final LeaseValidity lease;

    private final RenewalSchedule schedule;

    /** Done once it is known whether a doubtful lease is held; {@code null} where there is no doubt. */
    private @Nullable CompletableFuture<Void> decision;

    private long doubtfulSince;

    Renewer(
            EngineContext engine,
            LocalQueue queue,
            Tenure tenure,
            TenureId id,
            LeaseValidity lease,
            RenewalSchedule schedule) {
        this.engine = engine;
        this.queue = queue;
        this.tenure = tenure;
        this.id = id;
        this.lease = lease;
        this.schedule = schedule;
    }

    /** Renews the lease for a hold to come, at once. */
    void extend(Duration wanted, long now) {
        renew(this.schedule.start(wanted, now), now);
    }

    /** Renews it at once if the present hold has not got what it asked for: the next one will need it. */
    void extendIfDue(long now) {
        renew(this.schedule.startIfDue(now), now);
    }

    /** The same, but a hold that nobody waits to follow is spared it while it is short. */
    void extendInTime(long now) {
        long idle = this.schedule.idleFor(now);
        if (idle <= 0) {
            extendIfDue(now);
        } else {
            this.tenure.lookWithin(idle, now);
        }
    }

    private void renew(LeaseValidity.@Nullable Setting setting, long now) {
        if (setting != null) {
            this.tenure.lookEarlier(this.schedule.idleFor(now), now);
            List<Renewal> renewal = List.of(new Renewal(this.id, setting.length()));
            StoreFailures.caught(() -> this.engine.store.renew(renewal).get(0))
                    .whenComplete((outcome, failure) -> answered(setting, outcome, failure));
        }
    }

    /** The store has answered a renewal, or has not. */
    void answered(LeaseValidity.Setting setting, @Nullable RenewOutcome outcome, @Nullable Throwable failure) {
        this.queue.guard().run(now -> answered(setting, outcome != null ? outcome : RenewOutcome.failed(failure), now));
    }

    private void answered(LeaseValidity.Setting setting, RenewOutcome outcome, long now) {
        if (!this.tenure.isHeld()) {
            return;
        }
        if (this.queue.inUse() && this.lease.leftUntilOver(now) <= 0) {
            lose(RAN_OUT, this.schedule.mayLinger(), now);
        } else if (outcome instanceof RenewOutcome.Renewed) {
            this.schedule.renewed(setting, now);
            decide(now);
            this.queue.extended(now);
            if (this.tenure.isHeld() && this.queue.inUse()) {
                this.tenure.lookWithin(this.schedule.idleFor(now), now);
            }
        } else if (outcome instanceof RenewOutcome.NotOwner) {
            lose("the store says that the lock is not this owner's any more", false, now);
        } else {
            this.tenure.lookWithin(this.schedule.failed(setting, isUnknown(outcome), now), now);
            this.queue.notExtended(now);
        }
    }

    private static boolean isUnknown(RenewOutcome outcome) {
        return outcome instanceof RenewOutcome.Failed failed && StoreFailures.isUnknown(failed.cause());
    }

    /**
     * Has a renewal decide whether the lease is held, where only the wall clock says that it is over.
     *
     * @return done once that is known; {@code null} if it is known already
     */
    @Nullable CompletableFuture<Void> decision(long now) {
        if (beginsToDoubt(now)) {
            renew(this.schedule.startIfDue(now), now);
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
        } else if (now - this.doubtfulSince >= this.engine.commandTimeout) {
            lose("the machine was suspended, or its clock put forward, and the store did not confirm it", true, now);
        }
    }

    /** There is no doubt any more. */
    void end() {
        CompletableFuture<Void> known = this.decision;
        if (known != null) {
            this.decision = null;
            this.queue.guard().afterwards(() -> known.complete(null));
        }
    }

    private void lose(String reason, boolean lingers, long now) {
        this.tenure.lost(lingers);
        this.queue.lost(this.tenure, reason, now);
    }

    /** Looks, with the timer, whether the lease is over or a renewal is due; returns how long nothing is. */
    long check(EngineTimer.Due due, long now) {
        if (this.lease.leftUntilOver(now) <= 0) {
            lose(RAN_OUT, this.schedule.mayLinger(), now);
            return Nanos.FOREVER;
        }
        if (this.schedule.giveUpUnanswered(now)) {
            this.queue.notExtended(now);
        }
        if (this.tenure.isHeld() && this.queue.inUse()) {
            beginsToDoubt(now);
        }
        if (!this.tenure.isHeld()) {
            return this.engine.commandTimeout;
        }
        LeaseValidity.Setting setting = this.schedule.startIfDue(now);
        if (setting != null) {
            due.renewals().add(new EngineTimer.DueRenewal(this, new Renewal(this.id, setting.length()), setting));
        }
        return this.schedule.idleFor(now);
    }
}
