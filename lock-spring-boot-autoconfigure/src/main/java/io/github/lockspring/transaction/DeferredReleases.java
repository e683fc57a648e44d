package io.github.lockspring.transaction;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The holds that were acquired inside one transaction. Kept among its synchronizations, which Spring sets aside while
 * the transaction is suspended. Thread-safe: an asynchronous acquisition ends on any thread.
 */
final class DeferredReleases implements TransactionSynchronization {

    private static final Logger logger = LoggerFactory.getLogger(DeferredReleases.class);

    /** One lease of each hold, in the order of acquisition. Guarded by this. */
    private final Map<Key, DeferredHold> holds = new LinkedHashMap<>();

    /** Guarded by this. */
    private boolean completed;

    private volatile boolean leftToTheLast;

    /** Tells apart the holds of several engines, whose fencing tokens may be equal. */
    private record Key(Object engine, String fullName, long fencingToken) {}

    /** Those of the current thread's transaction, {@code null} if it has acquired no lock. */
    static @Nullable DeferredReleases current() {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            for (TransactionSynchronization candidate : TransactionSynchronizationManager.getSynchronizations()) {
                if (candidate instanceof DeferredReleases releases) {
                    return releases;
                }
            }
        }
        return null;
    }

    /** Those of the current thread's transaction, whose synchronization is active. */
    static DeferredReleases ofCurrentTransaction() {
        DeferredReleases releases = current();
        if (releases == null) {
            releases = new DeferredReleases();
            TransactionSynchronizationManager.registerSynchronization(releases);
        }
        return releases;
    }

    /**
     * Keeps the hold of a lease until the transaction has completed. One lease is kept for each hold, no matter how
     * often it is re-entered.
     *
     * @param engine what the lease comes from
     * @param lease as the engine gave it, perhaps after the transaction has completed
     * @return the lease for the caller
     */
    LockLease defer(Object engine, LockLease lease) {
        Key key = new Key(engine, lease.fullName(), lease.fencingToken());
        DeferredHold hold;
        synchronized (this) {
            if (this.completed) {
                return lease;
            }
            hold = this.holds.computeIfAbsent(key, absent -> new DeferredHold(lease));
            hold.enter();
        }
        TransactionLease given = new TransactionLease(hold);
        // an asynchronous acquisition binds its lease to no thread
        if (LockContext.keep(lease, given)) {
            given.bind();
        }
        if (hold.lease != lease) {
            lease.close();
        }
        return given;
    }

    synchronized List<LockLease> leases() {
        return this.holds.values().stream().map(hold -> hold.lease).toList();
    }

    /** What was registered until now, listeners after the commit among it, still runs under the locks. */
    @Override
    public void beforeCompletion() {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new Last());
            this.leftToTheLast = true;
        }
    }

    @Override
    public void afterCompletion(int status) {
        if (!this.leftToTheLast) {
            complete();
        }
    }

    private void complete() {
        List<DeferredHold> ended;
        synchronized (this) {
            this.completed = true;
            ended = new ArrayList<>(this.holds.values());
            this.holds.clear();
        }
        for (int i = ended.size() - 1; i >= 0; i--) {
            DeferredHold hold = ended.get(i);
            try {
                hold.transactionCompleted();
            } catch (RuntimeException | Error ex) {
                logger.error(
                        "Lock '{}' was not released after its transaction: others get it when its lease is over",
                        hold.lease.name(),
                        ex);
            }
        }
    }

    /** Releases after all other synchronizations: among those of the same order, the last one registered is the last. */
    private final class Last implements TransactionSynchronization {

        @Override
        public void afterCompletion(int status) {
            complete();
        }
    }
}
