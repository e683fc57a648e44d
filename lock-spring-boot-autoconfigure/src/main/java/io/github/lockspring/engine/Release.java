package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a tenure gives its lock back, or has the store decide whether it may go on. Guarded by the queue. */
final class Release {

    private static final Logger log = LoggerFactory.getLogger(Release.class);

    private final Tenure tenure;

    /** The lock has been given back; only the answer is missing. */
    private volatile boolean freeing;

    /** Done when the store has answered the release, or the leave that makes up for it; or there is nothing to release. */
    final CompletableFuture<Void> done = new CompletableFuture<>();

    Release(Tenure tenure) {
        this.tenure = tenure;
    }

    boolean freeing() {
        return this.freeing;
    }

    /** Asks the store whether the tenure may go on with a new number. */
    void keep(Duration wanted, long now) {
        this.tenure.releasing(now);
        LeaseValidity.Setting setting = this.tenure.lease.setAnew(wanted, now);
        ReleaseMode mode = new ReleaseMode.KeepIfNobodyWaits(wanted);
        StoreFailures.caught(() -> this.tenure.engine.store.release(this.tenure.id, mode))
                .whenComplete((outcome, failure) ->
                        this.tenure.queue.guard().run(later -> keepAnswered(setting, outcome, failure, later)));
    }

    private void keepAnswered(
            LeaseValidity.Setting setting, @Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (!(outcome instanceof ReleaseOutcome.Kept kept)) {
            answered(outcome, failure, now);
        } else if (this.tenure.isReleasing()) {
            this.tenure.begin(setting, kept.number(), now);
        } else {
            this.tenure.maybeKnownAgain();
        }
    }

    /** Gives the lock back. */
    void free(long now) {
        this.tenure.releasing(now);
        this.freeing = true;
        this.tenure.engine.releases.sent();
        StoreFailures.caught(() -> this.tenure.engine.store.release(this.tenure.id, ReleaseMode.FREE))
                .whenComplete((outcome, failure) ->
                        this.tenure.queue.guard().run(later -> answered(outcome, failure, later)));
    }

    /** Gives up waiting for an answer that is overdue; returns how long it may yet take. */
    long check(long now) {
        long left = this.tenure.leftToAnswer(now);
        if (left <= 0) {
            answered(null, StoreFailures.unanswered(this.tenure.engine.commandTimeout), now);
            return Nanos.FOREVER;
        }
        return left;
    }

    private void answered(@Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (!this.tenure.isReleasing()) {
            return;
        }
        if (outcome instanceof ReleaseOutcome.NotOwner && this.tenure.lease.left(now) > 0) {
            this.tenure.queue.guard().afterwards(this::warnOfAnEarlyEnd);
        }
        LockStoreException known = failure != null ? StoreFailures.of(failure) : null;
        this.tenure.released(known);
        this.tenure.queue.gone(this.tenure, outcome, known, now);
    }

    private void warnOfAnEarlyEnd() {
        log.warn(
                "Lock '{}' was not {}'s any more when it was released, although its lease was not over: the store has lost"
                        + " it (an eviction, a fail-over, a deletion, a clock put forward), and another process may have"
                        + " had it meanwhile; or the driver has repeated the release after a reconnect",
                this.tenure.id.fullName(),
                this.tenure.id.owner());
    }

    /** There is nothing to wait for any more, once the owner that is leaving has left. Called inside the guard. */
    void settle(PendingLeaves.@Nullable Leave leave) {
        this.tenure.queue.guard().afterwards(() -> {
            if (leave == null) {
                complete();
            } else {
                CompletableFuture<Void> unused = leave.done().whenComplete((nothing, failure) -> complete());
            }
        });
    }

    private void complete() {
        if (this.done.complete(null) && this.freeing) {
            this.tenure.engine.releases.settled();
        }
    }
}
