package io.github.lockspring.transaction;

import io.github.lockspring.LockLease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The holds that were acquired inside one transaction. Thread-safe: an acquisition may end on any thread. */
final class DeferredHolds {

    private static final Logger logger = LoggerFactory.getLogger(DeferredReleases.class);

    /** One lease of each hold, in the order of acquisition. Guarded by this. */
    private final Map<Key, DeferredHold> holds = new LinkedHashMap<>();

    /** Guarded by this. */
    private boolean completed;

    /** Tells apart the holds of several engines, whose fencing tokens may be equal. */
    private record Key(Object engine, String fullName, long fencingToken) {}

    /**
     * Keeps the hold of a lease until the transaction has completed. One lease is kept for each hold, no matter how
     * often it is re-entered: any other is left to the caller, which closes it once the one for its own caller is bound.
     *
     * @param engine what the lease comes from
     * @param lease as the engine gave it, perhaps after the transaction has completed
     * @return the lease for the caller, {@code null} if the transaction has completed
     */
    @Nullable TransactionLease enter(Object engine, LockLease lease, Runnable whenClosed) {
        Key key = new Key(engine, lease.fullName(), lease.fencingToken());
        DeferredHold hold;
        synchronized (this) {
            if (this.completed) {
                return null;
            }
            hold = this.holds.computeIfAbsent(key, absent -> new DeferredHold(lease));
            hold.enter();
        }
        return new TransactionLease(hold, whenClosed);
    }

    synchronized List<LockLease> leases() {
        return this.holds.values().stream().map(hold -> hold.lease).toList();
    }

    /** The hold of a lock that was acquired last, if it is held. */
    synchronized @Nullable LockLease held(Object engine, String fullName) {
        LockLease held = null;
        for (Map.Entry<Key, DeferredHold> entry : this.holds.entrySet()) {
            if (entry.getKey().engine == engine
                    && entry.getKey().fullName.equals(fullName)
                    && entry.getValue().lease.isHeld()) {
                held = entry.getValue().lease;
            }
        }
        return held;
    }

    /** Those that were acquired last come first. No hold is kept after that. */
    private synchronized List<DeferredHold> end() {
        this.completed = true;
        List<DeferredHold> ended = new ArrayList<>(this.holds.values());
        this.holds.clear();
        Collections.reverse(ended);
        return ended;
    }

    /** Releases all of them, as the calling thread would. */
    void complete() {
        for (DeferredHold hold : end()) {
            try {
                hold.transactionCompleted();
            } catch (RuntimeException | Error ex) {
                report(hold, ex);
            }
        }
    }

    /** Releases all of them without blocking; the stage never fails. */
    CompletionStage<@Nullable Void> completeAsync() {
        List<CompletableFuture<?>> releases = new ArrayList<>();
        for (DeferredHold hold : end()) {
            try {
                releases.add(hold.transactionCompletedAsync()
                        .exceptionally(ex -> {
                            report(hold, ex);
                            return null;
                        })
                        .toCompletableFuture());
            } catch (RuntimeException | Error ex) {
                report(hold, ex);
            }
        }
        return CompletableFuture.allOf(releases.toArray(CompletableFuture[]::new));
    }

    private static void report(DeferredHold hold, Throwable failure) {
        logger.error(
                "Lock '{}' was not released after its transaction: others get it when its lease is over",
                hold.lease.name(),
                failure);
    }
}
