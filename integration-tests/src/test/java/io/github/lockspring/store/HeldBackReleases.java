package io.github.lockspring.store;

import io.github.lockspring.LockHolder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A store that gets releases only when the test says so. */
final class HeldBackReleases extends ForwardingLockStore {

    private final CompletableFuture<Void> letGo = new CompletableFuture<>();

    private final CompletableFuture<Void> looked = new CompletableFuture<>();

    HeldBackReleases(LockStore store) {
        super(store);
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return this.letGo.thenCompose(nothing -> super.release(tenure, mode));
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        return super.holder(fullName).whenComplete((holder, failure) -> this.looked.complete(null));
    }

    /** Waits until somebody has been told who has a lock. */
    void awaitLook() throws Exception {
        this.looked.get(20, TimeUnit.SECONDS);
    }

    void letGo() {
        this.letGo.complete(null);
    }
}
