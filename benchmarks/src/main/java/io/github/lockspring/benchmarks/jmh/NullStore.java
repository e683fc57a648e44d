package io.github.lockspring.benchmarks.jmh;

import io.github.lockspring.LockHolder;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** Says yes to everything at once: what is left is the engine. */
final class NullStore implements LockStore {

    private static final Set<StoreCapability> CAPABILITIES = Set.of(StoreCapability.QUEUE, StoreCapability.KEEP);

    private final AtomicLong numbers = new AtomicLong();

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return CompletableFuture.completedFuture(new AcquireOutcome.Acquired(List.of(this.numbers.incrementAndGet())));
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        return Collections.nCopies(renewals.size(), CompletableFuture.completedFuture(RenewOutcome.RENEWED));
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return CompletableFuture.completedFuture(
                mode instanceof ReleaseMode.KeepIfNobodyWaits
                        ? new ReleaseOutcome.Kept(this.numbers.incrementAndGet())
                        : new ReleaseOutcome.Freed());
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return CAPABILITIES;
    }
}
