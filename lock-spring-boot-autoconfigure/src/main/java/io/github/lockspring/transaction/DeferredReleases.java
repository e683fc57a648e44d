package io.github.lockspring.transaction;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The holds that were acquired inside one transaction of a thread. Kept among its synchronizations, which Spring sets
 * aside while the transaction is suspended. Thread-safe: an asynchronous acquisition ends on any thread.
 */
final class DeferredReleases implements TransactionSynchronization {

    private final DeferredHolds holds = new DeferredHolds();

    private volatile boolean leftToTheLast;

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
     * Keeps the hold of a lease until the transaction has completed.
     *
     * @param engine what the lease comes from
     * @param lease as the engine gave it, perhaps after the transaction has completed
     * @return the lease for the caller
     */
    LockLease defer(Object engine, LockLease lease) {
        TransactionLease given = this.holds.enter(engine, lease, () -> {});
        if (given == null) {
            return lease;
        }
        // an asynchronous acquisition binds its lease to no thread
        if (LockContext.keep(lease, given)) {
            given.bind();
        }
        given.closeUnlessKept(lease);
        return given;
    }

    List<LockLease> leases() {
        return this.holds.leases();
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
            this.holds.complete();
        }
    }

    /** Releases after all other synchronizations: among those of the same order, the last one registered is the last. */
    private final class Last implements TransactionSynchronization {

        @Override
        public void afterCompletion(int status) {
            DeferredReleases.this.holds.complete();
        }
    }
}
