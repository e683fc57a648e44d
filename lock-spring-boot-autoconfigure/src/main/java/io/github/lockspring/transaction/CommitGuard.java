package io.github.lockspring.transaction;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Has a transaction roll back that relies on a lost lease: immediately before the commit, every lease that the thread
 * runs under, and every one that was acquired inside of the transaction, must be held by the clock of this process. If
 * less than a third of a lease is left, it is extended first, once, which waits for the answer of the store.
 * Thread-safe.
 *
 * <p>Otherwise the caller gets the {@link LeaseLostException}, and nothing is committed. Its message says so where the
 * lease was acquired before the transaction, since work that has ended may have left it open. The same holds for
 * read-only transactions, which databases do not keep from writing in every case, and for the end of a {@code NESTED}
 * transaction, which then has the outer one roll back.
 *
 * <p>Between this check and the end of the commit a lease can still expire, for example in a pause of the process: see
 * {@link LockLease#fencingToken()}.
 *
 * @since 0.1
 */
public final class CommitGuard implements TransactionExecutionListener {

    /** Renewals begin when a third of the lease is over, and have failed for long when a third is left. */
    private static final int LEASE_PARTS = 3;

    /** Creates a guard. */
    public CommitGuard() {}

    /**
     * Returns if the transaction may be committed.
     *
     * @param transaction the transaction
     * @throws LeaseLostException if one of its leases was lost
     */
    @Override
    public void beforeCommit(TransactionExecution transaction) {
        DeferredReleases deferred = DeferredReleases.current();
        Check check = new Check(deferred);
        forEachLease(deferred, check::extend);
        if (check.hasAskedTheStore) {
            // while one lease was extended, another one may have ended
            forEachLease(deferred, check::ensureHeld);
        }
        // without others there is none whose afterCommit() could acquire a lock
        if (transaction.isNewTransaction()
                && TransactionSynchronizationManager.isSynchronizationActive()
                && !TransactionSynchronizationManager.getSynchronizations().isEmpty()) {
            TransactionSynchronizationManager.registerSynchronization(new CommittedTransaction());
        }
    }

    private static void forEachLease(@Nullable DeferredReleases deferred, Consumer<LockLease> action) {
        LockContext.find(lease -> {
            action.accept(lease);
            return false;
        });
        if (deferred != null) {
            deferred.leases().forEach(action);
        }
    }

    /** The check of all leases of one transaction. */
    private static final class Check {

        /** Why locks could not be extended: the store is asked once for each. */
        private @Nullable Map<String, RuntimeException> failures;

        private boolean hasAskedTheStore;

        /** What was acquired inside of the transaction. */
        private final @Nullable DeferredReleases deferred;

        Check(@Nullable DeferredReleases deferred) {
            this.deferred = deferred;
        }

        /** Extends a lease where little of it is left, once; it must be held after that. */
        void extend(LockLease lease) {
            Duration left = lease.remaining();
            // one that is over is left to ensureHeld, which awaits a renewal under way
            if (!left.isZero() && left.compareTo(lease.leaseTime().dividedBy(LEASE_PARTS)) < 0) {
                askTheStore(lease);
            }
            ensureHeld(lease);
        }

        void ensureHeld(LockLease lease) {
            try {
                lease.ensureHeld();
            } catch (LeaseLostException lost) {
                LeaseLostException ex = explained(lease, lost);
                RuntimeException failure = this.failures != null ? this.failures.get(lease.fullName()) : null;
                if (failure != null) {
                    ex.addSuppressed(failure);
                }
                throw ex;
            } catch (IllegalStateException closed) {
                // still bound, but given up before: the transaction does not rely on it
            }
        }

        private void askTheStore(LockLease lease) {
            this.hasAskedTheStore = true;
            if (this.failures != null && this.failures.containsKey(lease.fullName())) {
                return;
            }
            try {
                lease.extend(lease.leaseTime());
            } catch (LeaseLostException lost) {
                throw explained(lease, lost);
            } catch (RuntimeException ex) {
                // the lease is held for as long as before, and the clock decides
                if (this.failures == null) {
                    this.failures = new HashMap<>();
                }
                this.failures.put(lease.fullName(), ex);
            }
        }

        /** A lease that was not closed may have been acquired by work that has ended long ago. */
        private LeaseLostException explained(LockLease lease, LeaseLostException lost) {
            if (this.deferred != null
                    && this.deferred.leases().stream().anyMatch(own -> own.unwrap() == lease.unwrap())) {
                return lost;
            }
            return lost.withRemark("The transaction is not committed, since thread '"
                    + Thread.currentThread().getName()
                    + "' runs under this lease. If that work has ended, its lease was not closed: use"
                    + " try-with-resources where it is acquired");
        }
    }
}
