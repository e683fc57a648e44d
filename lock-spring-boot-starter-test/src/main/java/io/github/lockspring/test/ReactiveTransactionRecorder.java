package io.github.lockspring.test;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Has reactive transactions listed in the history. Nothing tells which lock they belong to. */
final class ReactiveTransactionRecorder implements TransactionExecutionListener {

    private final LockHistory history;

    ReactiveTransactionRecorder(LockHistory history) {
        this.history = history;
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
        if (beginFailure == null) {
            this.history.beginReactive(shown(transaction));
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
        this.history.tell(
                shown(transaction) + (commitFailure == null ? " is committed" : " has ended, perhaps committed"));
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable rollbackFailure) {
        this.history.tell(shown(transaction) + " is rolled back");
    }

    private static String shown(TransactionExecution transaction) {
        String name = transaction.getTransactionName();
        return name.isEmpty() ? "a reactive transaction" : "reactive transaction '" + name + "'";
    }
}
