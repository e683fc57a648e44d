package io.github.lockspring.observation;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.ForwardingLockStore;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store in memory, whose requests and renewals can be had answered otherwise. */
public final class BreakableStore extends ForwardingLockStore {

    private volatile boolean refuses;

    private volatile @Nullable Supplier<RenewOutcome> renewal;

    /** Creates a store without locks. */
    public BreakableStore() {
        super(new InMemoryLockStore());
    }

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
                : super.acquire(request);
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        Supplier<RenewOutcome> answer = this.renewal;
        if (answer == null) {
            return super.renew(renewals);
        }
        return renewals.stream()
                .<CompletionStage<RenewOutcome>>map(each -> CompletableFuture.completedFuture(answer.get()))
                .toList();
    }
}
