package io.github.lockspring.engine;

import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a held tenure has the store set its lease anew, and how it is lost where that fails. Guarded by the queue. */
final class LeaseRenewal {

    private final EngineContext engine;

    private final LocalQueue queue;

    private final Tenure tenure;

    private final TenureId id;

    private final Lease lease;

    private final LeaseKeeper keeper;

    LeaseRenewal(EngineContext engine, LocalQueue queue, Tenure tenure, TenureId id, Lease lease, LeaseKeeper keeper) {
        this.engine = engine;
        this.queue = queue;
        this.tenure = tenure;
        this.id = id;
        this.lease = lease;
        this.keeper = keeper;
    }

    /** Sets the lease anew for a hold to come, at once. */
    void extend(Duration wanted, long now) {
        renew(this.keeper.start(wanted, now), now);
    }

    /** Sets the lease anew at once if the present hold has not got what it asked for: the next one will need it. */
    void extendIfDue(long now) {
        renew(this.keeper.startIfDue(now), now);
    }

    /** The same, but a hold that nobody waits to follow is spared it while it is short. */
    void extendInTime(long now) {
        long idle = this.keeper.idleFor(now);
        if (idle <= 0) {
            extendIfDue(now);
        } else {
            this.tenure.lookWithin(idle, now);
        }
    }

    private void renew(Lease.@Nullable Setting setting, long now) {
        if (setting != null) {
            this.tenure.lookEarlier(this.keeper.idleFor(now), now);
            List<Renewal> renewal = List.of(new Renewal(this.id, setting.length()));
            StoreFailures.caught(() -> this.engine.store().renew(renewal).get(0))
                    .whenComplete((outcome, failure) ->
                            answered(setting, outcome != null ? outcome : RenewOutcome.failed(failure)));
        }
    }

    /** The store has answered a renewal, or has not. */
    void answered(Lease.Setting setting, RenewOutcome outcome) {
        this.queue.guard().run(now -> answered(setting, outcome, now));
    }

    private void answered(Lease.Setting setting, RenewOutcome outcome, long now) {
        boolean over = this.queue.inUse() && this.lease.left(now) <= 0;
        if (!this.tenure.isHeld() || over) {
            this.keeper.answeredTooLate(setting, outcome);
            if (this.tenure.isHeld()) {
                lose("it was not renewed before it ran out", true, now);
            }
            return;
        }
        if (outcome instanceof RenewOutcome.Renewed) {
            this.keeper.renewed(setting, now);
            this.queue.extended(now);
            if (this.tenure.isHeld() && this.queue.inUse()) {
                this.tenure.lookWithin(this.keeper.idleFor(now), now);
            }
        } else if (outcome instanceof RenewOutcome.NotOwner) {
            lose("the store says that the lock is not this owner's any more", false, now);
        } else if (outcome instanceof RenewOutcome.Failed failed) {
            this.tenure.lookWithin(this.keeper.failed(setting, failed, now), now);
            this.queue.notExtended(now);
        }
    }

    private void lose(String reason, boolean lingers, long now) {
        this.tenure.lost(lingers);
        this.queue.lost(this.tenure, reason, now);
    }

    /** Looks, with the timer, whether the lease is over or a renewal is due; returns how long nothing is. */
    long check(LeaseTimer.Due due, long now) {
        if (this.lease.left(now) <= 0) {
            lose("it was not renewed before it ran out", this.lease.mayLinger(), now);
            return Nanos.FOREVER;
        }
        if (this.keeper.giveUpUnanswered(now)) {
            this.queue.notExtended(now);
            if (!this.tenure.isHeld()) {
                return this.engine.commandTimeout();
            }
        }
        Lease.Setting setting = this.keeper.startIfDue(now);
        if (setting != null) {
            due.renewal(new LeaseTimer.DueRenewal(this.tenure, new Renewal(this.id, setting.length()), setting));
        }
        return this.keeper.idleFor(now);
    }
}
