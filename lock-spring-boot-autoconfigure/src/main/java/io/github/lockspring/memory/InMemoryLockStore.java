package io.github.lockspring.memory;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMode;
import io.github.lockspring.LockStoreException;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps locks in memory: the contract of the Redis store within one process, for tests and for applications that run
 * once. Queue, grants, leases and fencing numbers behave as they do there, so that several engines with one store
 * behave like several processes with one Redis. Its locks end with the store; it does not take part in mutual exclusion
 * between processes.
 *
 * <p>Thread-safe. Every stage is complete when it is returned. Grants are delivered in order by one daemon thread,
 * which exists while there is something to deliver and ends with {@link #close}. Supports neither {@link
 * LockMode#SHARED} nor tenures of several locks.
 *
 * @since 0.1
 */
public final class InMemoryLockStore implements LockStore, AutoCloseable {

    /** The grant lease if none is given. */
    public static final Duration DEFAULT_GRANT_LEASE = Duration.ofSeconds(2);

    private static final Set<StoreCapability> CAPABILITIES =
            Set.of(StoreCapability.QUEUE, StoreCapability.KEEP, StoreCapability.EXPIRE);

    private final Locks locks;

    private final GrantDelivery grants = new GrantDelivery();

    /** Creates an empty store with the {@linkplain #DEFAULT_GRANT_LEASE default grant lease}. */
    public InMemoryLockStore() {
        this(DEFAULT_GRANT_LEASE);
    }

    /**
     * Creates an empty store.
     *
     * @param grantLease how long a lock belongs to the owner it was granted to, unless that owner renews it or asked
     *     for less; positive
     */
    public InMemoryLockStore(Duration grantLease) {
        this(grantLease, new StoreClock());
    }

    /**
     * Creates an empty store with a clock of its own.
     *
     * @param grantLease how long a granted lock belongs to its owner at first
     * @param clock microseconds that never run backwards
     */
    InMemoryLockStore(Duration grantLease, LongSupplier clock) {
        if (grantLease.isNegative() || grantLease.isZero()) {
            throw new IllegalArgumentException("The grant lease " + grantLease + " must be positive");
        }
        this.locks = new Locks(Micros.of(grantLease), clock, this.grants);
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return answer(request.tenure(), () -> this.locks.acquire(request));
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        return renewals.stream()
                .<CompletionStage<RenewOutcome>>map(renewal -> CompletableFuture.completedFuture(renewed(renewal)))
                .toList();
    }

    private RenewOutcome renewed(Renewal renewal) {
        LockStoreException refusal = refusal(renewal.tenure());
        return refusal != null ? RenewOutcome.failed(refusal) : this.locks.renew(renewal);
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return answer(tenure, () -> this.locks.release(tenure, mode));
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        return answer(tenure, () -> {
            this.locks.leave(tenure);
            return null;
        });
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        this.grants.register(client, listener);
    }

    @Override
    public void offGrant(String client) {
        this.grants.deregister(client);
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        return CompletableFuture.completedFuture(this.locks.holder(fullName));
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return CAPABILITIES;
    }

    /** Stops delivering grants. Locks, queues and commands stay as they are. */
    @Override
    public void close() {
        this.grants.close();
    }

    /** How many locks are remembered. */
    int size() {
        return this.locks.size();
    }

    private static <T extends @Nullable Object> CompletionStage<T> answer(TenureId tenure, Supplier<T> command) {
        LockStoreException refusal = refusal(tenure);
        return refusal != null
                ? CompletableFuture.failedFuture(refusal)
                : CompletableFuture.completedFuture(command.get());
    }

    private static @Nullable LockStoreException refusal(TenureId tenure) {
        if (tenure.mode() == LockMode.EXCLUSIVE && tenure.fullNames().size() == 1) {
            return null;
        }
        return new LockStoreException(
                "Only exclusive tenures of a single lock are supported, not one of "
                        + tenure.fullNames().size() + " locks in mode " + tenure.mode(),
                null,
                LockStoreException.Outcome.REFUSED);
    }

    @Override
    public String toString() {
        return "the memory of this process";
    }
}
