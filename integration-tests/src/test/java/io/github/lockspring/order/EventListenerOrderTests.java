package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/** An event is delivered to the proxy, on the thread of its publisher and within the transaction of that one. */
class EventListenerOrderTests {

    @ParameterizedTest
    @EnumSource
    void listenerLocksOnTheThreadOfThePublisher(ProxyKind kind) {
        runner(kind).run(context -> {
            assertThat(kind.bean(context, Listener.class)).isNotNull();
            context.publishEvent(new Placed("1"));
            assertThat(journal(context)).containsExactly("body, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void publisherHearsThatTheLockWasNotToBeHad(ProxyKind kind) {
        runner(kind).run(context -> {
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(() -> context.publishEvent(new Placed("1")));
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(journal(context)).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockEndsAfterTheTransactionOfThePublisher(ProxyKind kind) {
        runner(kind).withUserConfiguration(Transactions.class).run(context -> {
            context.getBean(TransactionTemplate.class).executeWithoutResult(transaction -> {
                context.publishEvent(new Placed("1"));
                context.getBean(Journal.class).add("published");
            });
            assertThat(journal(context))
                    .containsExactly("begin", "body, locked", "published, locked", "commit, locked");
        });
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind).withBean(LockedListener.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions {

        @Bean
        RecordingTransactions transactions(Journal journal) {
            return new RecordingTransactions(journal);
        }

        @Bean
        TransactionTemplate transactionTemplate(RecordingTransactions transactions) {
            return new TransactionTemplate(transactions);
        }
    }

    /** Public, for expressions. */
    public record Placed(String id) {}

    interface Listener {

        void on(Placed event);
    }

    static class LockedListener implements Listener {

        private final Journal journal;

        LockedListener(Journal journal) {
            this.journal = journal;
        }

        @Override
        @EventListener
        @DistributedLock(name = "order", key = "#event.id()")
        public void on(Placed event) {
            this.journal.add("body");
        }
    }
}
