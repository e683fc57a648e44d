package io.github.lockspring.order;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Transactions of nothing: they are written down. One at a time. */
final class RecordingTransactions extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;

    private final transient Journal journal;

    private boolean active;

    RecordingTransactions(Journal journal) {
        this.journal = journal;
    }

    @Override
    protected Object doGetTransaction() {
        return new Object();
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return this.active;
    }

    @Override
    protected Object doSuspend(Object transaction) {
        this.active = false;
        return transaction;
    }

    @Override
    protected void doResume(Object transaction, Object suspended) {
        this.active = true;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        this.active = true;
        this.journal.add("begin");
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        this.journal.add("commit");
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        this.journal.add("rollback");
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        this.active = false;
    }
}
