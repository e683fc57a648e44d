package io.github.lockspring.benchmarks.jmh;

import io.github.lockspring.AcquireOutcome;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStore;
import io.github.lockspring.ReleaseMode;
import io.github.lockspring.ReleaseOutcome;
import io.github.lockspring.RenewOutcome;
import io.github.lockspring.Renewal;
import io.github.lockspring.StoreCapabilities;
import io.github.lockspring.TenureId;
import io.github.lockspring.TenureRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** Says yes to everything at once: what is left is the engine. */
final class NullStore implements LockStore {

    private static final StoreCapabilities CAPABILITIES = new StoreCapabilities(true, true, false, false, false);

    private final AtomicLong numbers = new AtomicLong();

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return CompletableFuture.completedFuture(new AcquireOutcome.Acquired(List.of(this.numbers.incrementAndGet())));
    }

    @Override
    public CompletionStage<List<RenewOutcome>> renew(List<Renewal> renewals) {
        return CompletableFuture.completedFuture(Collections.nCopies(renewals.size(), RenewOutcome.RENEWED));
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
    public StoreCapabilities capabilities() {
        return CAPABILITIES;
    }
}
