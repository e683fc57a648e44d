package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A command that the store has got and that a test answers, by the methods that change it. */
abstract sealed class StoreCommand<T> {

    private final CompletableFuture<T> stage = new CompletableFuture<>();

    CompletableFuture<T> stage() {
        return this.stage;
    }

    void answer(T outcome) {
        this.stage.complete(outcome);
    }

    void fail(LockStoreException.Outcome outcome) {
        this.stage.completeExceptionally(new LockStoreException("The store is out of order", null, outcome));
    }

    void fail(Throwable failure) {
        this.stage.completeExceptionally(failure);
    }

    static final class Acquire extends StoreCommand<AcquireOutcome> {

        private final TenureRequest request;

        Acquire(TenureRequest request) {
            this.request = request;
        }

        TenureRequest request() {
            return this.request;
        }

        String owner() {
            return this.request.tenure().owner();
        }

        void acquired(long number) {
            answer(new AcquireOutcome.Acquired(List.of(number)));
        }

        /** Somebody else has it, and this owner is in the queue if it may be. */
        void contended() {
            contended("other", Duration.ofSeconds(30), this.request.mayQueue() ? 0 : -1, 0);
        }

        void contended(String owner, Duration remaining, int rank, long stamp) {
            answer(AcquireOutcome.Contended.by(new LockHolder(owner, remaining), stamp)
                    .rank(rank));
        }

        void passedOver() {
            answer(AcquireOutcome.Contended.by(new LockHolder("other", Duration.ofSeconds(30)), 0)
                    .rank(0)
                    .passedOver(true));
        }
    }

    static final class Renew extends StoreCommand<List<RenewOutcome>> {

        private final List<Renewal> renewals;

        Renew(List<Renewal> renewals) {
            this.renewals = renewals;
        }

        List<Renewal> renewals() {
            return this.renewals;
        }

        Duration lease() {
            return this.renewals.get(0).lease();
        }

        void renewed() {
            answer(Collections.nCopies(this.renewals.size(), RenewOutcome.RENEWED));
        }

        void notOwner() {
            answer(Collections.nCopies(this.renewals.size(), RenewOutcome.NOT_OWNER));
        }
    }

    static final class Release extends StoreCommand<ReleaseOutcome> {

        private final TenureId tenure;

        private final ReleaseMode mode;

        Release(TenureId tenure, ReleaseMode mode) {
            this.tenure = tenure;
            this.mode = mode;
        }

        TenureId tenure() {
            return this.tenure;
        }

        ReleaseMode mode() {
            return this.mode;
        }

        void freed() {
            answer(new ReleaseOutcome.Freed());
        }

        void handedOver() {
            answer(new ReleaseOutcome.HandedOver());
        }

        void notOwner() {
            answer(new ReleaseOutcome.NotOwner());
        }

        void kept(long number) {
            answer(new ReleaseOutcome.Kept(number));
        }
    }

    static final class Leave extends StoreCommand<Void> {

        private final TenureId tenure;

        Leave(TenureId tenure) {
            this.tenure = tenure;
        }

        String owner() {
            return this.tenure.owner();
        }

        void done() {
            answer(null);
        }
    }
}
