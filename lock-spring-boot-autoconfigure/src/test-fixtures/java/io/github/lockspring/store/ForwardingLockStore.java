package io.github.lockspring.store;

import io.github.lockspring.LockHolder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A store that passes everything on to another. */
public abstract class ForwardingLockStore implements LockStore {

    private final LockStore store;

    protected ForwardingLockStore(LockStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return this.store.acquire(request);
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
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
    public void offGrant(String client) {
        this.store.offGrant(client);
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        return this.store.holder(fullName);
    }

    @Override
    public StoreReport report() {
        return this.store.report();
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return this.store.capabilities();
    }
}
