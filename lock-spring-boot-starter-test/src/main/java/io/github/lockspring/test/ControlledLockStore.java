package io.github.lockspring.test;

import io.github.lockspring.LockHolder;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.StoreReport;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store in memory that a test controls. Locks are kept by {@link InMemoryLockStore}, by which the other process is one
 * more owner; what the engine asks for passes the {@link StoreFaults}. Thread-safe.
 */
final class ControlledLockStore implements LockStore, AutoCloseable {

    /** An owner as engines have them. */
    private static final String ELSEWHERE = "another-process@elsewhere:1:test:1";

    final StoreFaults faults = new StoreFaults();

    private final InMemoryLockStore store = new InMemoryLockStore();

    private final Map<String, GrantListener> listeners = new ConcurrentHashMap<>();

    private final Set<String> heldElsewhere = ConcurrentHashMap.newKeySet();

    private final Duration leaseElsewhere;

    /**
     * Creates a store.
     *
     * @param leaseElsewhere the lease time of the other process
     */
    ControlledLockStore(Duration leaseElsewhere) {
        this.leaseElsewhere = leaseElsewhere;
    }

    /** Returns false if an engine has the lock. */
    boolean holdElsewhere(String fullName) {
        AcquireOutcome outcome = now(this.store.acquire(requestElsewhere(fullName)));
        boolean acquired = outcome instanceof AcquireOutcome.Acquired;
        if (acquired) {
            this.heldElsewhere.add(fullName);
        }
        return acquired;
    }

    /** Returns false if it is not held there. */
    boolean releaseElsewhere(String fullName) {
        boolean held = this.heldElsewhere.remove(fullName);
        if (held) {
            now(this.store.release(elsewhere(fullName), ReleaseMode.FREE));
        }
        return held;
    }

    /** Returns false if no engine has the lock. */
    boolean loseLease(String fullName) {
        String owner = now(this.store.holder(fullName)).map(LockHolder::owner).orElse(ELSEWHERE);
        if (owner.equals(ELSEWHERE)) {
            return false;
        }
        TenureId tenure = TenureId.exclusive(fullName, owner);
        now(this.store.release(tenure, ReleaseMode.FREE));
        this.listeners.forEach((client, listener) -> {
            if (owner.startsWith(client + ':')) {
                listener.onLost(tenure);
            }
        });
        return true;
    }

    /** Nothing fails or is slow any longer, and the other process holds nothing. */
    void reset() {
        this.faults.reset();
        Set.copyOf(this.heldElsewhere).forEach(this::releaseElsewhere);
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return this.faults.pass(() -> {
            renewElsewhere(request.tenure().fullName());
            return this.store.acquire(request);
        });
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        return renewals.stream()
                .map(renewal -> this.faults.pass(
                        () -> this.store.renew(List.of(renewal)).get(0)))
                .toList();
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return this.faults.pass(() -> this.store.release(tenure, mode));
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        return this.faults.pass(() -> this.store.leave(tenure));
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        this.listeners.put(client, listener);
        this.store.onGrant(client, listener);
    }

    @Override
    public void offGrant(String client) {
        this.listeners.remove(client);
        this.store.offGrant(client);
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        return this.faults.pass(() -> {
            renewElsewhere(fullName);
            return this.store.holder(fullName);
        });
    }

    @Override
    public StoreReport report() {
        return this.store.report();
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return this.store.capabilities();
    }

    @Override
    public void close() {
        this.faults.reset();
        this.store.close();
    }

    /** The other process renews its lease in time for every look at it. */
    private void renewElsewhere(String fullName) {
        if (this.heldElsewhere.contains(fullName)) {
            now(this.store.acquire(requestElsewhere(fullName)));
        }
    }

    private TenureRequest requestElsewhere(String fullName) {
        return TenureRequest.of(elsewhere(fullName), this.leaseElsewhere);
    }

    private static TenureId elsewhere(String fullName) {
        return TenureId.exclusive(fullName, ELSEWHERE);
    }

    /** What the store in memory answers is complete. */
    private static <T> T now(CompletionStage<T> answer) {
        CompletableFuture<T> complete = answer.toCompletableFuture();
        return complete.join();
    }

    @Override
    public String toString() {
        return "the memory of this test";
    }
}
