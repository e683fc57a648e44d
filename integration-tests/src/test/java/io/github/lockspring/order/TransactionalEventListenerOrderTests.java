package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A listener locks when it is called: after the commit, while the thread is not yet done with the transaction. */
@ExtendWith(OutputCaptureExtension.class)
class TransactionalEventListenerOrderTests {

    @ParameterizedTest
    @EnumSource
    void listenerTakesItsLockAfterTheCommit(ProxyKind kind, CapturedOutput output) {
        runner(kind).withBean(AfterCommit.class).run(context -> {
            assertThat(kind.bean(context, Listener.class)).isNotNull();
            kind.bean(context, Publisher.class).publish("1");
            assertThat(journal(context))
                    .containsExactly("begin", "published", "commit", "body in a transaction: true, locked");
            assertThat(output).doesNotContain("was acquired inside of a transaction");
        });
    }

    /** The transaction in which it counts is over. */
    @ParameterizedTest
    @EnumSource
    void listenerTakesItsLockAlsoWhereTransactionsMustNot(ProxyKind kind) {
        runner(kind)
                .withBean(AfterCommit.class)
                .withPropertyValues("distributed-lock.in-transaction=fail")
                .run(context -> {
                    kind.bean(context, Publisher.class).publish("1");
                    assertThat(journal(context)).endsWith("commit", "body in a transaction: true, locked");
                });
    }

    @ParameterizedTest
    @EnumSource
    void transactionOfTheListenerIsItsOwnAndInsideItsLock(ProxyKind kind) {
        runner(kind).withBean(AfterCommitInNewTransaction.class).run(context -> {
            kind.bean(context, Publisher.class).publish("1");
            assertThat(journal(context))
                    .containsExactly("begin", "published", "commit", "begin, locked", "body, locked", "commit, locked");
        });
    }

    /** The lock of a method stands outside of its transaction, and so of what is called at the end of that. */
    @ParameterizedTest
    @EnumSource
    void listenerEntersTheLockOfItsPublisherAgain(ProxyKind kind) {
        runner(kind).withBean(AfterCommit.class).run(context -> {
            kind.bean(context, Publisher.class).publishLocked("1");

            assertThat(journal(context))
                    .containsExactly(
                            "begin, locked",
                            "published, locked",
                            "commit, locked",
                            "body in a transaction: true, locked");
            Tokens tokens = context.getBean(Tokens.class);
            assertThat(tokens.listener).isEqualTo(tokens.publisher).isPositive();
        });
    }

    /** The transaction is committed already: Spring logs what a listener throws, and goes on. */
    @ParameterizedTest
    @EnumSource
    void publisherDoesNotHearThatTheLockWasNotToBeHad(ProxyKind kind, CapturedOutput output) {
        runner(kind).withBean(AfterCommit.class).run(context -> {
            try (LockLease lease = heldElsewhere(context, "1")) {
                kind.bean(context, Publisher.class).publish("1");
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(journal(context)).containsExactly("begin", "published", "commit");
            assertThat(output).contains("LockNotAcquiredException");
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockOfAListenerBeforeTheCommitEndsAfterIt(ProxyKind kind) {
        runner(kind).withBean(BeforeCommit.class).run(context -> {
            kind.bean(context, Publisher.class).publish("1");
            assertThat(journal(context)).containsExactly("begin", "published", "body, locked", "commit, locked");
        });
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind)
                .withUserConfiguration(Transactions.class)
                .withBean(Tokens.class)
                .withBean(TransactionalPublisher.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions {

        @Bean
        RecordingTransactions transactions(Journal journal) {
            return new RecordingTransactions(journal);
        }
    }

    /** Fencing tokens that were seen. */
    static class Tokens {

        private long publisher;

        private long listener;

        private static long current() {
            return LockContext.current().map(LockLease::fencingToken).orElse(0L);
        }
    }

    /** Public, for expressions. */
    public record Placed(String id) {}

    interface Publisher {

        void publish(String id);

        void publishLocked(String id);
    }

    static class TransactionalPublisher implements Publisher {

        private final ApplicationEventPublisher events;

        private final Journal journal;

        private final Tokens tokens;

        TransactionalPublisher(ApplicationEventPublisher events, Journal journal, Tokens tokens) {
            this.events = events;
            this.journal = journal;
            this.tokens = tokens;
        }

        @Override
        @Transactional
        public void publish(String id) {
            this.events.publishEvent(new Placed(id));
            this.journal.add("published");
            this.tokens.publisher = Tokens.current();
        }

        @Override
        @Transactional
        @DistributedLock(name = "order", key = "#id")
        public void publishLocked(String id) {
            publish(id);
        }
    }

    interface Listener {

        void on(Placed event);
    }

    static class AfterCommit implements Listener {

        private final Journal journal;

        private final Tokens tokens;

        AfterCommit(Journal journal, Tokens tokens) {
            this.journal = journal;
            this.tokens = tokens;
        }

        @Override
        @TransactionalEventListener
        @DistributedLock(name = "order", key = "#event.id()")
        public void on(Placed event) {
            this.tokens.listener = Tokens.current();
            this.journal.add("body in a transaction: " + TransactionSynchronizationManager.isActualTransactionActive());
        }
    }

    static class AfterCommitInNewTransaction implements Listener {

        private final Journal journal;

        AfterCommitInNewTransaction(Journal journal) {
            this.journal = journal;
        }

        @Override
        @TransactionalEventListener
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        @DistributedLock(name = "order", key = "#event.id()")
        public void on(Placed event) {
            this.journal.add("body");
        }
    }

    static class BeforeCommit implements Listener {

        private final Journal journal;

        BeforeCommit(Journal journal) {
            this.journal = journal;
        }

        @Override
        @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
        @DistributedLock(name = "order", key = "#event.id()")
        public void on(Placed event) {
            this.journal.add("body");
        }
    }
}
