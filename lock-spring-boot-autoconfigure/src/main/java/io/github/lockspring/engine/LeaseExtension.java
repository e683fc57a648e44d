package io.github.lockspring.engine;

import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Extends the lease of a held tenure because its caller asks for that, beside its renewals. Guarded by the queue. */
final class LeaseExtension {

    private final TenureState state;

    private final LeaseValidity lease;

    private final Renewer renewer;

    LeaseExtension(TenureState state, LeaseValidity lease, Renewer renewer) {
        this.state = state;
        this.lease = lease;
        this.renewer = renewer;
    }

    /**
     * Has the lease last for at least a time from now on, or as long as the present hold may.
     *
     * @return done when the store has answered, also if the lease turns out to be lost; otherwise fails with a {@link
     *     io.github.lockspring.LockStoreException}
     */
    CompletableFuture<Void> send(Duration time, long now) {
        Duration length = this.lease.limited(time, now);
        if (this.lease.left(now) >= Nanos.of(time) || this.lease.reachesLimit() || length.toMillis() <= 0) {
            return Releases.NOTHING;
        }
        CompletableFuture<Void> answer = new CompletableFuture<>();
        LeaseValidity.Setting setting = this.lease.sending(length, false, now);
        this.state.openExtensions++;
        DueCommands only = new DueCommands();
        only.renew(new Renewal(this.state.id, length), (outcome, failure) -> {
            this.renewer.answered(setting, outcome, failure);
            over(outcome, failure);
            if (outcome instanceof RenewOutcome.Renewed || outcome instanceof RenewOutcome.NotOwner) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(
                        StoreFailures.of(outcome instanceof RenewOutcome.Failed failed ? failed.cause() : failure));
            }
        });
        only.send(this.state.engine.store);
        return answer;
    }

    /** Only after the answer has been processed: that may show that it comes after the end of the lease. */
    private void over(@Nullable RenewOutcome outcome, @Nullable Throwable failure) {
        Throwable cause = outcome instanceof RenewOutcome.Failed failed ? failed.cause() : failure;
        boolean known = outcome instanceof RenewOutcome.Renewed
                || outcome instanceof RenewOutcome.NotOwner
                || !StoreFailures.isUnknown(cause);
        if (known) {
            this.state.guard.run(now -> this.state.openExtensions--);
        }
    }
}
