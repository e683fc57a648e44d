package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.reactive.ReactiveLockOperations;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Of reactive transactions nobody knows which lock they belong to: that is said, and they are listed. */
@SpringBootTest(classes = ReactiveTransactionsTests.Application.class)
@AutoConfigureTestLocks
class ReactiveTransactionsTests {

    private static final LockOptions ORDER = LockOptions.named("order").key(42);

    @Autowired
    private TestLocks locks;

    @Autowired
    private ReactiveLockOperations reactive;

    @Autowired
    private LockOperations operations;

    @Autowired
    private ReactiveTransactionManager transactions;

    private Mono<String> inTransaction() {
        return Mono.just("shipped").as(TransactionalOperator.create(this.transactions)::transactional);
    }

    @Test
    void areRefusedByTheAssertionOfCommits() {
        this.reactive.withLock(ORDER, inTransaction()).block(Duration.ofMinutes(1));
        assertThat(this.locks).wasReleased("order", 42);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(this.locks).wasReleasedAfterCommit("order", 42))
                .withMessageContaining("wasReleasedAfterCommit cannot tell whether they belong to it")
                .withMessageContaining("a reactive transaction begins")
                .withMessageContaining("a reactive transaction is committed");
    }

    @Test
    void areListedWhenTheyAreRolledBack() {
        Mono<String> failing = Mono.<String>error(new IllegalStateException("not today"))
                .as(TransactionalOperator.create(this.transactions)::transactional);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> this.reactive.withLock(ORDER, failing).block(Duration.ofMinutes(1)));
        assertThat(this.locks.toString()).contains("a reactive transaction is rolled back");
    }

    /** Those before and after a lock do not matter. */
    @Test
    void areNotMeantOutsideOfTheLock() {
        inTransaction().block(Duration.ofMinutes(1));
        this.operations.acquire(ORDER).close();
        inTransaction().block(Duration.ofMinutes(1));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(this.locks).wasReleasedAfterCommit("order", 42))
                .withMessageContaining("to have been released after a commit.");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        ReactiveTransactionManager reactiveTransactions() {
            return new NoDatabase();
        }
    }

    private static final class NoDatabase extends AbstractReactiveTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction(TransactionSynchronizationManager synchronizations) {
            return "transaction";
        }

        @Override
        protected Mono<Void> doBegin(
                TransactionSynchronizationManager synchronizations,
                Object transaction,
                TransactionDefinition definition) {
            return Mono.empty();
        }

        @Override
        protected Mono<Void> doCommit(
                TransactionSynchronizationManager synchronizations, GenericReactiveTransaction status) {
            return Mono.empty();
        }

        @Override
        protected Mono<Void> doRollback(
                TransactionSynchronizationManager synchronizations, GenericReactiveTransaction status) {
            return Mono.empty();
        }
    }
}
