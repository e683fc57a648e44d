package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a tenure gives its lock back, or asks the store whether it may go on with it. Guarded by the queue. */
final class Release {

    /** Told, inside the guard, what came of it. */
    interface Listener {

        /** The tenure goes on, with a new number, and with the lease that this command has set. */
        void kept(LeaseValidity.Setting setting, long number, long now);

        /** The lock is not this owner's any more, or the store has not answered. */
        void over(@Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now);
    }

    private final TenureState state;

    private final LeaseValidity lease;

    private final Footprint footprint;

    private final Listener listener;

    private final EngineContext engine;

    /** Done when the store has answered the release, or the leave that makes up for it; or there is nothing to release. */
    final CompletableFuture<Void> done = new CompletableFuture<>();

    /** The lock has been given back; only the answer is missing. */
    private volatile boolean freeing;

    Release(TenureState state, LeaseValidity lease, Footprint footprint, Listener listener) {
        this.state = state;
        this.lease = lease;
        this.footprint = footprint;
        this.listener = listener;
        this.engine = state.engine;
    }

    boolean isFreeing() {
        return this.freeing;
    }

    /** Asks the store whether the tenure may go on with a new number. */
    void keep(Duration wanted, long now) {
        begin(now);
        LeaseValidity.Setting setting = this.lease.sending(wanted, true, now);
        StoreFailures.caught(() -> this.engine.store.release(this.state.id, new ReleaseMode.KeepIfNobodyWaits(wanted)))
                .whenComplete((outcome, failure) ->
                        this.state.guard.run(later -> keepAnswered(setting, outcome, failure, later)));
    }

    private void keepAnswered(
            LeaseValidity.Setting setting, @Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (!(outcome instanceof ReleaseOutcome.Kept kept)) {
            answered(outcome, failure, now);
        } else if (this.state.isReleasing()) {
            LockLog.released(this.state, outcome, null);
            this.listener.kept(setting, kept.number(), now);
        } else {
            this.footprint.found();
        }
    }

    /** Gives the lock back. */
    void free(long now) {
        begin(now);
        this.freeing = true;
        this.engine.releases.outstanding.incrementAndGet();
        StoreFailures.caught(() -> this.engine.store.release(this.state.id, ReleaseMode.FREE))
                .whenComplete((outcome, failure) -> this.state.guard.run(later -> answered(outcome, failure, later)));
    }

    private void begin(long now) {
        this.state.become(TenureState.Phase.RELEASING);
        this.state.sends(now);
    }

    private void answered(@Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (!this.state.isReleasing()) {
            return;
        }
        if (outcome instanceof ReleaseOutcome.NotOwner && this.lease.left(now) > 0) {
            LockLog.lostUnnoticed(this.state);
        }
        LockLog.released(this.state, outcome, failure);
        this.listener.over(outcome, failure != null ? StoreFailures.of(failure) : null, now);
    }

    /** Gives up waiting for an answer that is overdue; returns how long it may yet take. */
    long check(long now) {
        long left = this.state.leftToAnswer(now);
        if (left <= 0) {
            answered(null, StoreFailures.unanswered(this.engine.commandTimeout), now);
            return Nanos.FOREVER;
        }
        return left;
    }

    /** There is nothing to wait for any more, once the owner that is leaving has left. */
    void settle(PendingLeaves.@Nullable Leave leave) {
        this.state.guard.afterwards(() -> {
            if (leave == null) {
                settled();
            } else {
                CompletableFuture<Void> unused = leave.done.whenComplete((nothing, failure) -> settled());
            }
        });
    }

    private void settled() {
        if (this.done.complete(null) && this.freeing) {
            this.engine.releases.outstanding.decrementAndGet();
        }
    }
}
