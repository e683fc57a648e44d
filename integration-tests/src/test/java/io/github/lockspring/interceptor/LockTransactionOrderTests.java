package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** The lock is released after the commit, or else the next holder reads what is not there yet. */
class LockTransactionOrderTests {

    @ParameterizedTest
    @EnumSource
    void locksBeforeTheTransactionAndUnlocksAfterTheCommit(ProxyKind kind) {
        runner(kind).run(context -> {
            context.getBean(Job.class).run("a");
            assertThat(context.getBean(RecordingLocks.class).events())
                    .containsExactly("lock order:a", "begin", "body", "commit", "unlock order:a");
        });
    }

    @ParameterizedTest
    @EnumSource
    void unlocksAfterTheRollback(ProxyKind kind) {
        runner(kind).run(context -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> context.getBean(Job.class).run("fail"))
                    .withMessage("fail");
            assertThat(context.getBean(RecordingLocks.class).events())
                    .containsExactly("lock order:fail", "begin", "body", "rollback", "unlock order:fail");
        });
    }

    @ParameterizedTest
    @EnumSource
    void fallbackRunsOutsideOfTheTransaction(ProxyKind kind) {
        runner(kind).run(context -> {
            RecordingLocks locks = context.getBean(RecordingLocks.class);
            locks.refuse("order", LockFailureSamples.contended("order"));
            assertThat(context.getBean(Job.class).run("a")).isEqualTo("instead of a");
            assertThat(locks.events()).contains("fallback").doesNotContain("begin", "body", "commit");
        });
    }

    @ParameterizedTest
    @EnumSource
    void standsWhereItsOrderPutsIt(ProxyKind kind) {
        ApplicationContextRunner runner = LockingConfiguration.runner(kind)
                .withUserConfiguration(EarlyTransactions.class)
                .withBean(TransactionalJob.class);

        runner.withPropertyValues("order=11").run(context -> {
            context.getBean(Job.class).run("a");

            assertThat(context.getBean(RecordingLocks.class).events())
                    .containsExactly("begin", "lock order:a", "body", "unlock order:a", "commit");
        });
        runner.withPropertyValues("order=9").run(context -> {
            context.getBean(Job.class).run("a");

            assertThat(context.getBean(RecordingLocks.class).events())
                    .containsExactly("lock order:a", "begin", "body", "commit", "unlock order:a");
        });
    }

    /** Transactions come first, so that nothing but its order puts the lock outside of them. */
    private static ApplicationContextRunner runner(ProxyKind kind) {
        return LockingConfiguration.with(kind, new ApplicationContextRunner().withUserConfiguration(Transactions.class))
                .withBean(TransactionalJob.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions extends TransactionManagerConfiguration {}

    static class TransactionManagerConfiguration {

        @Bean
        RecordingTransactions transactions(RecordingLocks locks) {
            return new RecordingTransactions(locks);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 10)
    static class EarlyTransactions extends TransactionManagerConfiguration {}

    static class TransactionalJob implements Job {

        private final RecordingLocks locks;

        TransactionalJob(RecordingLocks locks) {
            this.locks = locks;
        }

        @Override
        @Transactional
        @DistributedLock(name = "order", key = "#argument", fallback = "instead")
        public Object run(String argument) {
            this.locks.events().add("body");
            if (argument.equals("fail")) {
                throw new IllegalStateException(argument);
            }
            return argument;
        }

        private Object instead(String argument) {
            this.locks.events().add("fallback");
            return "instead of " + argument;
        }
    }

    static class RecordingTransactions extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        private final transient RecordingLocks locks;

        RecordingTransactions(RecordingLocks locks) {
            this.locks = locks;
        }

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            this.locks.events().add("begin");
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            this.locks.events().add("commit");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            this.locks.events().add("rollback");
        }
    }
}
