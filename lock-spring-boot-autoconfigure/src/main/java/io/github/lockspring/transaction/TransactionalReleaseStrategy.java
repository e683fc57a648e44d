package io.github.lockspring.transaction;

import io.github.lockspring.InTransaction;
import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Does with a lock that is acquired inside a transaction of the calling thread what {@link InTransaction} says: by
 * default, it is released when that transaction has completed, also if it is acquired asynchronously. Thread-safe. One
 * for each engine: it tells holds apart by lock and fencing token.
 *
 * <p>The transaction is the innermost one for which Spring has synchronizations: inside {@code REQUIRES_NEW}, or inside
 * a transaction of a second transaction manager, that one; inside {@code NESTED}, the outer one. Outside of a
 * transaction ({@code SUPPORTS} and {@code NOT_SUPPORTED} included), inside one of a transaction manager without
 * synchronization, and in what is called after the commit, locks are released when their lease is closed. That the
 * transaction is committed is known where its manager has a {@link CommitGuard}.
 *
 * @since 0.1
 */
public final class TransactionalReleaseStrategy implements LeaseReleaseStrategy {

    private final InTransactionMessages messages;

    /** Creates a strategy. */
    public TransactionalReleaseStrategy() {
        this(new InTransactionMessages());
    }

    private TransactionalReleaseStrategy(InTransactionMessages messages) {
        this.messages = messages;
    }

    /**
     * Returns a strategy for another template of the same application: what is logged once is logged by one of them.
     *
     * @return another strategy
     */
    public TransactionalReleaseStrategy forAnotherTemplate() {
        return new TransactionalReleaseStrategy(this.messages);
    }

    InTransactionMessages messages() {
        return this.messages;
    }

    @Override
    public UnaryOperator<LockLease> beforeAcquire(LockRequest request) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()
                || !TransactionSynchronizationManager.isActualTransactionActive()
                || CommittedTransaction.isCurrent()) {
            return UnaryOperator.identity();
        }
        LockName name = request.name();
        LockLease outer = outer(request);
        if (request.inTransaction() == InTransaction.FAIL) {
            if (outer == null) {
                throw refusal(name);
            }
            return lease -> reentered(lease, outer, name);
        }
        if (request.inTransaction() == InTransaction.RELEASE) {
            return lease -> {
                warn(lease, outer, name, InTransaction.RELEASE);
                return lease;
            };
        }
        DeferredReleases releases = DeferredReleases.ofCurrentTransaction();
        return lease -> {
            warn(lease, outer, name, InTransaction.DEFER);
            return releases.defer(this, lease);
        };
    }

    /** A lease that this request may re-enter; perhaps of another store, which the fencing token shows later. */
    private static @Nullable LockLease outer(LockRequest request) {
        String fullName = request.name().fullName();
        LockLease within = request.within();
        return within != null && within.fullName().equals(fullName)
                ? within
                : LockContext.find(lease -> lease.fullName().equals(fullName) && lease.isHeld());
    }

    private static LockLease reentered(LockLease lease, LockLease outer, LockName name) {
        if (!InTransactionMessages.isReentry(lease, outer)) {
            throw refusal(name);
        }
        return lease;
    }

    private static IllegalStateException refusal(LockName name) {
        return InTransactionMessages.refusal(
                name,
                TransactionSynchronizationManager.getCurrentTransactionName(),
                InTransactionMessages.Begin.BLOCKING);
    }

    private void warn(LockLease lease, @Nullable LockLease outer, LockName name, InTransaction mode) {
        this.messages.warn(lease, outer, name, mode, InTransactionMessages.Begin.BLOCKING);
    }
}
