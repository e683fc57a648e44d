package io.github.lockspring.transaction;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Transactions of nothing, on one thread: they are written down. Public, for tests of the engine. */
public final class RecordingTransactions extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;

    private final transient List<String> journal;

    private final transient Deque<Object> active = new ArrayDeque<>();

    public RecordingTransactions(List<String> journal) {
        this.journal = journal;
        setNestedTransactionAllowed(true);
    }

    @Override
    protected Object doGetTransaction() {
        return this.active.isEmpty() ? new Object() : this.active.peek();
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return this.active.contains(transaction);
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        this.active.push(new Object());
        this.journal.add("begin");
    }

    @Override
    protected Object doSuspend(Object transaction) {
        return transaction;
    }

    @Override
    protected void doResume(Object transaction, Object suspendedResources) {}

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
        this.active.pop();
    }
}
