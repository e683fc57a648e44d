package io.github.lockspring.store;

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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/** A store that remembers who was told to wait. */
final class QueueWatch implements LockStore {

    private final LockStore store;

    private final Set<String> queued;

    private QueueWatch(LockStore store, Set<String> queued) {
        this.store = store;
        this.queued = queued;
    }

    static QueueWatch of(LockStore store) {
        return new QueueWatch(store, ConcurrentHashMap.newKeySet());
    }

    /** Another process's way to the same locks. */
    QueueWatch and(LockStore store) {
        return new QueueWatch(store, this.queued);
    }

    /** Waits until this many owners have been told, since the beginning, to wait in the queue. */
    void awaitQueued(int owners) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> this.queued.size() >= owners);
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return this.store.acquire(request).thenApply(outcome -> {
            if (outcome instanceof AcquireOutcome.Contended contended && contended.rank() >= 0) {
                this.queued.add(request.tenure().owner());
            }
            return outcome;
        });
    }

    @Override
    public CompletionStage<List<RenewOutcome>> renew(List<Renewal> renewals) {
        return this.store.renew(renewals);
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return this.store.release(tenure, mode);
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        return this.store.leave(tenure);
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
}
