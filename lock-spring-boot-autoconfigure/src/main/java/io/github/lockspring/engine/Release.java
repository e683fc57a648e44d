package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.ReleaseResult;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a tenure gives its lock back, or asks the store whether it may go on with it. Guarded by the queue. */
final class Release {

    /** Notified of the result, inside the guard. */
    interface Listener {

        /** The tenure goes on, with a new number, and with the lease that this command has set. */
        void kept(LeaseValidity.Setting setting, long number, long now);

        /** This owner no longer has the lock, or the store has not answered. */
        void over(@Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now);
    }

    private final TenureState state;

    private final LeaseValidity lease;

    private final Footprint footprint;

    private final Listener listener;

    private final EngineContext engine;

    /**
     * Done when the store has answered the release, or the leave that makes up for it; or there was no lock to release.
     */
    final CompletableFuture<Void> done = new CompletableFuture<>();

    /** The stages that wait for the outstanding answer. */
    private @Nullable CompletableFuture<ReleaseResult> asked;

    /** The last answer, {@code null} if there was none. */
    private @Nullable ReleaseOutcome outcome;

    private @Nullable LockStoreException failure;

    private volatile boolean freeing;

    Release(TenureState state, LeaseValidity lease, Footprint footprint, Listener listener) {
        this.state = state;
        this.lease = lease;
        this.footprint = footprint;
        this.listener = listener;
        this.engine = state.engine;
    }

    /** Whether the lock has been given back, and only the answer is missing. */
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
            tell(kept, null);
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

    /** Lets the lock expire after a while. */
    void expire(Duration remainder, long now) {
        begin(now);
        ReleaseMode mode = new ReleaseMode.ExpireAfter(remainder);
        StoreFailures.caught(() -> this.engine.store.release(this.state.id, mode))
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
        LockStoreException failed = failure != null ? StoreFailures.of(failure) : null;
        LockLog.released(this.state, outcome, failed);
        if (outcome instanceof ReleaseOutcome.HandedOver) {
            this.engine.monitor.handedOver(this.state.name, this.state.guard);
        }
        tell(outcome, failed);
        this.listener.over(outcome, failed, now);
    }

    /** The result of the end of the last hold: the store's answer, if it was asked. */
    CompletableFuture<ReleaseResult> answer() {
        this.state.guard.assertHeld();
        return switch (this.state.phase()) {
            case REQUESTED, HELD -> CompletableFuture.completedFuture(ReleaseResult.GIVEN_BACK);
            case RELEASING -> answerToCome();
            case GONE -> completed(new CompletableFuture<>(), this.outcome, this.failure);
            case LOST -> CompletableFuture.completedFuture(ReleaseResult.LOST);
        };
    }

    /** Done when the store has answered, or already done; {@code null} if a hold has the lock, or will have it. */
    @Nullable CompletableFuture<?> end() {
        this.state.guard.lock();
        try {
            return switch (this.state.phase()) {
                case REQUESTED, HELD -> null;
                case RELEASING -> answerToCome();
                case GONE, LOST -> Releases.NOTHING;
            };
        } finally {
            this.state.guard.unlock();
        }
    }

    private CompletableFuture<ReleaseResult> answerToCome() {
        CompletableFuture<ReleaseResult> answer = this.asked;
        if (answer == null) {
            answer = new CompletableFuture<>();
            this.asked = answer;
        }
        return answer;
    }

    private void tell(@Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure) {
        this.outcome = outcome;
        this.failure = failure;
        CompletableFuture<ReleaseResult> answer = this.asked;
        if (answer != null) {
            this.asked = null;
            this.state.guard.afterwards(() -> {
                CompletableFuture<ReleaseResult> unused = completed(answer, outcome, failure);
            });
        }
    }

    private static CompletableFuture<ReleaseResult> completed(
            CompletableFuture<ReleaseResult> answer,
            @Nullable ReleaseOutcome outcome,
            @Nullable LockStoreException failure) {
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else {
            boolean lost = outcome == null || outcome instanceof ReleaseOutcome.NotOwner;
            answer.complete(lost ? ReleaseResult.LOST : ReleaseResult.GIVEN_BACK);
        }
        return answer;
    }

    /** Gives up waiting for an answer that is overdue; returns how long it may still take. */
    long check(long now) {
        long left = this.state.leftToAnswer(now);
        if (left <= 0) {
            answered(null, StoreFailures.unanswered(this.engine.commandTimeout), now);
            return Nanos.FOREVER;
        }
        return left;
    }

    /** Nothing is left to wait for once the leaving owner has left. */
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
