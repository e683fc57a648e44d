package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a tenure gives its lock back, or has the store decide whether it may go on. Guarded by the queue. */
final class Release {

    private static final Logger log = LoggerFactory.getLogger(Release.class);

    private final EngineContext engine;

    private final LocalQueue queue;

    private final Tenure tenure;

    private final TenureId id;

    private final LeaseValidity lease;

    private long sentAt;

    /** The lock has been given back; only the answer is missing. */
    private volatile boolean freeing;

    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Release(EngineContext engine, LocalQueue queue, Tenure tenure, TenureId id, LeaseValidity lease) {
        this.engine = engine;
        this.queue = queue;
        this.tenure = tenure;
        this.id = id;
        this.lease = lease;
    }

    boolean freeing() {
        return this.freeing;
    }

    long sentAt() {
        return this.sentAt;
    }

    /** Done when the store has answered the release, or the leave that makes up for it; or there is nothing to release. */
    CompletableFuture<Void> done() {
        return this.done;
    }

    /** Asks the store whether the tenure may go on with a new number. */
    void keep(Duration wanted, long now) {
        this.sentAt = now;
        LeaseValidity.Setting setting = this.lease.set(wanted, now);
        StoreFailures.caught(() -> this.engine.store.release(this.id, new ReleaseMode.KeepIfNobodyWaits(wanted)))
                .whenComplete((outcome, failure) ->
                        this.queue.guard().run(later -> keepAnswered(setting, outcome, failure, later)));
    }

    private void keepAnswered(
            LeaseValidity.Setting setting, @Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (!this.tenure.isReleasing()) {
            if (outcome instanceof ReleaseOutcome.Kept) {
                this.tenure.maybeKnownAgain();
            }
        } else if (outcome instanceof ReleaseOutcome.Kept kept) {
            this.tenure.begin(setting, kept.number(), now);
        } else {
            ended(outcome, failure, now);
        }
    }

    /** Gives the lock back. */
    void free(long now) {
        this.freeing = true;
        this.engine.releases.outstanding.incrementAndGet();
        this.sentAt = now;
        StoreFailures.caught(() -> this.engine.store.release(this.id, ReleaseMode.FREE))
                .whenComplete((outcome, failure) -> this.queue.guard().run(later -> {
                    if (this.tenure.isReleasing()) {
                        ended(outcome, failure, later);
                    }
                }));
    }

    /** Gives up waiting for an answer that is overdue; returns how long it may yet take. */
    long checkAnswer(long now) {
        long left = this.sentAt + this.engine.commandTimeout - now;
        if (left <= 0) {
            ended(null, StoreFailures.unanswered(this.engine.commandTimeout), now);
            return Nanos.FOREVER;
        }
        return left;
    }

    private void ended(@Nullable ReleaseOutcome outcome, @Nullable Throwable failure, long now) {
        if (outcome instanceof ReleaseOutcome.NotOwner && this.lease.left(now) > 0) {
            this.queue.guard().afterwards(this::warnOfAnEarlyEnd);
        }
        LockStoreException known = failure != null ? StoreFailures.of(failure) : null;
        this.tenure.released(known);
        this.queue.gone(this.tenure, outcome, known, now);
    }

    private void warnOfAnEarlyEnd() {
        log.warn(
                "Lock '{}' was not {}'s any more when it was released, although its lease was not over: the store has lost"
                        + " it (an eviction, a fail-over, a deletion, a clock put forward), and another process may have"
                        + " had it meanwhile; or the driver has repeated the release after a reconnect",
                this.id.fullName(),
                this.id.owner());
    }

    /** There is nothing to wait for any more, once the owner that is leaving has left. Called inside the guard. */
    void settle(PendingLeaves.@Nullable Leave leave) {
        this.queue.guard().afterwards(() -> {
            if (leave == null) {
                complete();
            } else {
                CompletableFuture<Void> unused = leave.done.whenComplete((nothing, failure) -> complete());
            }
        });
    }

    private void complete() {
        if (this.done.complete(null) && this.freeing) {
            this.engine.releases.outstanding.decrementAndGet();
        }
    }
}
