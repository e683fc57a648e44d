package io.github.lockspring.observation;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store in memory, whose requests and renewals can be had answered otherwise. */
public final class BreakableStore implements LockStore {

    private final InMemoryLockStore store = new InMemoryLockStore();

    private volatile boolean refuses;

    private volatile @Nullable Supplier<RenewOutcome> renewal;

    /** Whether requests are refused from now on. */
    public void refuses(boolean refused) {
        this.refuses = refused;
    }

    /** What renewals are answered from now on; {@code null} for what the store says. */
    public void renewals(@Nullable Supplier<RenewOutcome> answer) {
        this.renewal = answer;
    }

    /** The next renewal fails, those after it do not. */
    public void failsNextRenewal() {
        renewals(() -> {
            renewals(null);
            return RenewOutcome.failed(new LockStoreException("by the test", null, Outcome.NOT_EXECUTED));
        });
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return this.refuses
                ? CompletableFuture.failedFuture(new LockStoreException("by the test", null, Outcome.REFUSED))
                : this.store.acquire(request);
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        Supplier<RenewOutcome> answer = this.renewal;
        if (answer == null) {
            return this.store.renew(renewals);
        }
        return renewals.stream()
                .<CompletionStage<RenewOutcome>>map(each -> CompletableFuture.completedFuture(answer.get()))
                .toList();
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
    public Set<StoreCapability> capabilities() {
        return this.store.capabilities();
    }
}
