package io.github.lockspring.transaction;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notes among the synchronizations of a transaction that it is committed: it still counts as active while the others
 * are told so. Used by the thread of the transaction only.
 */
final class CommittedTransaction implements TransactionSynchronization {

    private boolean committed;

    /** Whether the transaction of the current thread, whose synchronization is active, is committed. */
    static boolean isCurrent() {
        return TransactionSynchronizationManager.getSynchronizations().stream()
                .anyMatch(candidate -> candidate instanceof CommittedTransaction transaction && transaction.committed);
    }

    /** Before all listeners. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
        this.committed = true;
    }
}
