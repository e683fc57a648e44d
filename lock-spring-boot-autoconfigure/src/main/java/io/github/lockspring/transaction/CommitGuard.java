package io.github.lockspring.transaction;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
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
        CommitCheck check = new CommitCheck(lease -> isOwn(lease, deferred) ? null : remark());
        forEachLease(deferred, check::extend);
        if (check.hasAskedTheStore()) {
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

    private static boolean isOwn(LockLease lease, @Nullable DeferredReleases deferred) {
        return deferred != null && deferred.leases().stream().anyMatch(own -> own.unwrap() == lease.unwrap());
    }

    /** A lease that was not closed may have been acquired by work that has ended long ago. */
    private static String remark() {
        return "The transaction is not committed, since thread '"
                + Thread.currentThread().getName()
                + "' runs under this lease. If that work has ended, its lease was not closed: use"
                + " try-with-resources where it is acquired";
    }
}
