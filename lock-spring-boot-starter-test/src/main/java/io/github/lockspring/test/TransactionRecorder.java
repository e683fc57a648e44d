package io.github.lockspring.test;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records the transactions of threads. Their end is told to synchronizations first: what is released after it, such as a
 * lock that was acquired inside of a transaction, comes before the listeners are called.
 */
final class TransactionRecorder implements TransactionExecutionListener {

    private final LockHistory history;

    TransactionRecorder(LockHistory history) {
        this.history = history;
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
        if (beginFailure == null && TransactionSynchronizationManager.isSynchronizationActive()) {
            RecordedTransaction recorded = this.history.begin(transaction.getTransactionName());
            TransactionSynchronizationManager.registerSynchronization(new End(recorded));
        }
    }

    private record End(RecordedTransaction transaction) implements TransactionSynchronization {

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public void afterCommit() {
            this.transaction.committed();
        }

        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED) {
                this.transaction.committed();
            } else {
                this.transaction.notCommitted(
                        status == STATUS_ROLLED_BACK ? " is rolled back" : " has ended, perhaps committed");
            }
        }
    }
}
