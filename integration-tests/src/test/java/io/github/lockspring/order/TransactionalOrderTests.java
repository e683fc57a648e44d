package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** A transaction is inside of the lock, or the start says that it is not. */
@ExtendWith(OutputCaptureExtension.class)
class TransactionalOrderTests {

    private static final String WARNING = "its lock is inside its transaction";

    @ParameterizedTest
    @EnumSource
    void transactionIsInsideTheLock(ProxyKind kind, CapturedOutput output) {
        runner(kind).withUserConfiguration(Transactions.class).run(context -> {
            kind.bean(context, Work.class).run("1");
            assertThat(journal(context)).containsExactly("begin, locked", "body, locked", "commit, locked");
            assertThat(output).doesNotContain(WARNING);
        });
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfALockInsideItsTransaction(ProxyKind kind, CapturedOutput output) {
        runner(kind).withUserConfiguration(EarlyTransactions.class).run(context -> {
            assertThat(output)
                    .contains("WARN")
                    .containsOnlyOnce(TransactionalWork.class.getName() + ".run(String): " + WARNING)
                    .contains("@EnableTransactionManagement");
            kind.bean(context, Work.class).run("1");

            assertThat(journal(context)).containsExactly("begin", "body, locked", "commit, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void saysNothingOfTransactionsOfOtherMethods(ProxyKind kind, CapturedOutput output) {
        OrderedContexts.runner(kind)
                .withUserConfiguration(EarlyTransactions.class)
                .withBean(TransactionsElsewhere.class)
                .run(context -> {
                    kind.bean(context, TwoMethods.class).locked();
                    kind.bean(context, TwoMethods.class).transactional();
                    assertThat(journal(context)).containsExactly("body, locked", "begin", "body", "commit");
                    assertThat(output).doesNotContain(WARNING);
                });
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind).withBean(TransactionalWork.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions extends TransactionManagement {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 10)
    static class EarlyTransactions extends TransactionManagement {}

    static class TransactionManagement {

        @Bean
        RecordingTransactions transactions(Journal journal) {
            return new RecordingTransactions(journal);
        }
    }

    static class TransactionalWork implements Work {

        private final Journal journal;

        TransactionalWork(Journal journal) {
            this.journal = journal;
        }

        @Override
        @Transactional
        @DistributedLock(name = "order", key = "#argument")
        public @Nullable Object run(String argument) {
            return this.journal.body();
        }
    }

    interface TwoMethods {

        void locked();

        void transactional();
    }

    static class TransactionsElsewhere implements TwoMethods {

        private final Journal journal;

        TransactionsElsewhere(Journal journal) {
            this.journal = journal;
        }

        @Override
        @DistributedLock
        public void locked() {
            this.journal.body();
        }

        @Override
        @Transactional
        public void transactional() {
            this.journal.body();
        }
    }
}
