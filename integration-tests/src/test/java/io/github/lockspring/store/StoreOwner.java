package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome.Acquired;
import io.github.lockspring.store.AcquireOutcome.Contended;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One owner of one lock, with the habits of its requests. Immutable; waits for every answer. */
record StoreOwner(
        LockStore store,
        TenureId tenure,
        Duration lease,
        Duration pollInterval,
        boolean fair,
        boolean listens,
        Duration waited) {

    StoreOwner leasing(Duration lease) {
        return new StoreOwner(this.store, this.tenure, lease, this.pollInterval, this.fair, this.listens, this.waited);
    }

    StoreOwner pollingEvery(Duration pollInterval) {
        return new StoreOwner(this.store, this.tenure, this.lease, pollInterval, this.fair, this.listens, this.waited);
    }

    StoreOwner fairly() {
        return new StoreOwner(this.store, this.tenure, this.lease, this.pollInterval, true, this.listens, this.waited);
    }

    StoreOwner listening() {
        return new StoreOwner(this.store, this.tenure, this.lease, this.pollInterval, this.fair, true, this.waited);
    }

    StoreOwner polling() {
        return new StoreOwner(this.store, this.tenure, this.lease, this.pollInterval, this.fair, false, this.waited);
    }

    /** Says that it began to wait so long ago. */
    StoreOwner havingWaited(Duration waited) {
        return new StoreOwner(this.store, this.tenure, this.lease, this.pollInterval, this.fair, this.listens, waited);
    }

    String lock() {
        return this.tenure.fullName();
    }

    String id() {
        return this.tenure.owner();
    }

    /** Asks without waiting. */
    AcquireOutcome tryOnce() {
        return ask(false);
    }

    /** Asks, and waits in the queue. */
    AcquireOutcome poll() {
        return ask(true);
    }

    /** Expects to get the lock. Returns its number. */
    long acquires() {
        return acquired(poll());
    }

    /** Expects to get the lock without having waited. Returns its number. */
    long acquiresAtOnce() {
        return acquired(tryOnce());
    }

    /** Expects to be told who has the lock, and waits in the queue. */
    Contended queues() {
        return contended(poll());
    }

    /** Expects to be told who has the lock. */
    Contended fails() {
        return contended(tryOnce());
    }

    RenewOutcome renews(Duration lease) {
        List<CompletionStage<RenewOutcome>> stages = this.store.renew(List.of(new Renewal(this.tenure, lease)));
        assertThat(stages).hasSize(1);
        return StoreProcess.answer(stages.get(0));
    }

    ReleaseOutcome frees() {
        return releases(ReleaseMode.FREE);
    }

    ReleaseOutcome releases(ReleaseMode mode) {
        return StoreProcess.answer(this.store.release(this.tenure, mode));
    }

    /** Expects to have the lock still, and has it end after a while. */
    void expires(Duration remainder) {
        assertThat(releases(new ReleaseMode.ExpireAfter(remainder))).isEqualTo(new ReleaseOutcome.Expiring());
    }

    void leaves() {
        StoreProcess.answer(this.store.leave(this.tenure));
    }

    private AcquireOutcome ask(boolean mayQueue) {
        return StoreProcess.answer(this.store.acquire(TenureRequest.of(this.tenure, this.lease)
                .fair(this.fair)
                .mayQueue(mayQueue)
                .listening(this.listens)
                .pollInterval(this.pollInterval)
                .waited(this.waited)));
    }

    private static long acquired(AcquireOutcome outcome) {
        assertThat(outcome).isInstanceOf(Acquired.class);
        assertThat(((Acquired) outcome).numbers()).hasSize(1);
        return ((Acquired) outcome).number();
    }

    private static Contended contended(AcquireOutcome outcome) {
        assertThat(outcome).isInstanceOf(Contended.class);
        return (Contended) outcome;
    }
}
