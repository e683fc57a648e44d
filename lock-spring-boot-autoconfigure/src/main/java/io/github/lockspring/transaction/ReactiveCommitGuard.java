package io.github.lockspring.transaction;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.reactive.ReactiveLockContext;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Has a reactive transaction roll back that began under a lease which was lost: immediately before the commit, the lease
 * must be held by the clock of this process, or have been closed. No lease is extended, and no thread of a pipeline is
 * blocked. Thread-safe.
 *
 * <p>A lost lease cancels the work under its lock, which rolls the transaction back; this guard is for what the
 * cancellation comes too late for, above all a pause of the process.
 *
 * <p>A listener does not see Reactor's context. The leases are therefore those of the locked work that is being
 * subscribed to when the transaction begins, and those that the beginning thread runs under ({@link LockContext}):
 * annotations of both on one method, a {@code TransactionalOperator} that the locked work subscribes to, a blocking
 * caller. If the transaction begins later, after another asynchronous step of the work, they are found where Reactor
 * restores thread-local values; otherwise only the cancellation ends it. Leases that were acquired inside of the
 * transaction are checked by {@link ReactiveTransactionalReleaseStrategy}.
 *
 * @since 0.1
 */
public final class ReactiveCommitGuard implements TransactionExecutionListener {

    /**
     * Neither transactions nor leases are kept from becoming unreachable: a transaction that is cancelled while it
     * begins ends without a word.
     */
    private final Map<TransactionExecution, List<WeakReference<LockLease>>> leases =
            Collections.synchronizedMap(new WeakHashMap<>());

    /** Creates a guard. */
    public ReactiveCommitGuard() {}

    @Override
    public void beforeBegin(TransactionExecution transaction) {
        List<WeakReference<LockLease>> found = new ArrayList<>(2);
        ReactiveLockContext.subscribing().forEach(lease -> found.add(new WeakReference<>(lease)));
        LockContext.find(lease -> {
            found.add(new WeakReference<>(lease));
            return false;
        });
        if (!found.isEmpty()) {
            this.leases.put(transaction, found);
        }
    }

    /**
     * Returns if the transaction may be committed.
     *
     * @param transaction the transaction
     * @throws LeaseLostException if a lease that it began under was lost
     */
    @Override
    public void beforeCommit(TransactionExecution transaction) {
        List<WeakReference<LockLease>> found = this.leases.get(transaction);
        if (found != null) {
            for (WeakReference<LockLease> reference : found) {
                LockLease lease = reference.get();
                if (lease != null && !lease.isHeld() && !lease.isClosed()) {
                    ensureHeld(lease);
                }
            }
        }
    }

    /** Where a renewal has yet to decide, this waits for it, but not on a thread that must not be blocked. */
    private static void ensureHeld(LockLease lease) {
        try {
            lease.ensureHeld();
        } catch (LeaseLostException lost) {
            throw lost.withRemark("The transaction is not committed, since it began under this lease");
        } catch (IllegalStateException closed) {
            // in the meantime
        }
    }
}
