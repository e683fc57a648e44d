package io.github.lockspring.engine;

import io.github.lockspring.AcquireOutcome;
import io.github.lockspring.GrantListener;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStore;
import io.github.lockspring.ReleaseMode;
import io.github.lockspring.ReleaseOutcome;
import io.github.lockspring.RenewOutcome;
import io.github.lockspring.Renewal;
import io.github.lockspring.StoreCapabilities;
import io.github.lockspring.TenureId;
import io.github.lockspring.TenureRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** A correct store behind connections without order: each command runs at once, or on some thread a moment later. */
final class ShakyOrder implements LockStore {

    private final LockStore store;

    private final Executor later = ForkJoinPool.commonPool();

    ShakyOrder(LockStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return shaken(() -> this.store.acquire(request));
    }

    @Override
    public CompletionStage<List<RenewOutcome>> renew(List<Renewal> renewals) {
        return shaken(() -> this.store.renew(renewals));
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return shaken(() -> this.store.release(tenure, mode));
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        return shaken(() -> this.store.leave(tenure));
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        this.store.onGrant(client, listener);
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        return this.store.holder(fullName);
    }

    @Override
    public StoreCapabilities capabilities() {
        return this.store.capabilities();
    }

    private <T> CompletionStage<T> shaken(Supplier<CompletionStage<T>> command) {
        return ThreadLocalRandom.current().nextBoolean()
                ? command.get()
                : CompletableFuture.supplyAsync(command, this.later).thenCompose(stage -> stage);
    }
}
