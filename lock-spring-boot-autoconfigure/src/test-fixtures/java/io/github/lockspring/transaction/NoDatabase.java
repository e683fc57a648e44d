package io.github.lockspring.transaction;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Reactive transactions of nothing, which go on on threads that must not be blocked. */
public class NoDatabase extends AbstractReactiveTransactionManager {

    private static final long serialVersionUID = 1L;

    final AtomicInteger commits = new AtomicInteger();

    final AtomicInteger rollbacks = new AtomicInteger();

    @Override
    protected Object doGetTransaction(TransactionSynchronizationManager synchronizations) {
        return new Object();
    }

    @Override
    protected Mono<Void> doBegin(
            TransactionSynchronizationManager synchronizations, Object transaction, TransactionDefinition definition) {
        return answer();
    }

    @Override
    protected Mono<Void> doCommit(
            TransactionSynchronizationManager synchronizations, GenericReactiveTransaction status) {
        return answer().doOnTerminate(this.commits::incrementAndGet);
    }

    @Override
    protected Mono<Void> doRollback(
            TransactionSynchronizationManager synchronizations, GenericReactiveTransaction status) {
        return answer().doOnTerminate(this.rollbacks::incrementAndGet);
    }

    private static Mono<Void> answer() {
        return Mono.delay(Duration.ofMillis(1)).then();
    }
}
