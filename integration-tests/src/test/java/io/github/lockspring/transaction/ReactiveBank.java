package io.github.lockspring.transaction;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Mono;

/** An application with a database that is written to without blocking, and locks. */
record ReactiveBank(ApplicationContext context) {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final LockOptions ACCOUNT = LockOptions.named("account").key("1");

    /** The lease ends a second after it began. */
    static final LockOptions BRIEF = ACCOUNT.leaseTime(Duration.ofSeconds(1)).renew(false);

    static ApplicationContextRunner in(ApplicationContextRunner runner) {
        return runner.withUserConfiguration(Transactions.class);
    }

    static void run(Check check) {
        run(TransactionContexts.withoutTransactions(AdviceKind.CLASS), check);
    }

    static void run(ApplicationContextRunner runner, Check check) {
        in(runner).run(context -> check.run(new ReactiveBank(context)));
    }

    interface Check {

        void run(ReactiveBank bank) throws Exception;
    }

    ReactiveLockOperations locks() {
        return this.context.getBean(ReactiveLockOperations.class);
    }

    /** Asks without Reactor's context: any lock that it does not get is held. */
    boolean isFree(LockOptions lock) {
        return this.context.getBean(LockOperations.class).holder(lock).isEmpty();
    }

    void awaitFree(LockOptions lock) {
        Awaitility.await().atMost(PATIENCE).until(() -> isFree(lock));
    }

    Accounts accounts() {
        return this.context.getBean(Accounts.class);
    }

    TransactionalOperator transaction() {
        return transaction(Propagation.REQUIRED);
    }

    TransactionalOperator transaction(Propagation propagation) {
        return TransactionalOperator.create(
                this.context.getBean(R2dbcTransactionManager.class),
                new DefaultTransactionDefinition(propagation.value()));
    }

    Mono<Long> add(String entry) {
        return database()
                .sql("insert into ledger values (:entry)")
                .bind("entry", entry)
                .fetch()
                .rowsUpdated();
    }

    List<String> committed() {
        return database()
                .sql("select entry from ledger order by entry")
                .map(row -> row.get(0, String.class))
                .all()
                .collectList()
                .block(PATIENCE);
    }

    private DatabaseClient database() {
        return this.context.getBean(DatabaseClient.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions {

        @Bean
        ConnectionFactory connectionFactory() {
            return ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1");
        }

        @Bean
        R2dbcTransactionManager transactionManager(ConnectionFactory connectionFactory) {
            return new R2dbcTransactionManager(connectionFactory);
        }

        @Bean
        DatabaseClient database(ConnectionFactory connectionFactory) {
            DatabaseClient database = DatabaseClient.create(connectionFactory);
            database.sql("create table ledger (entry varchar(100))").then().block(PATIENCE);
            return database;
        }

        @Bean
        Accounts accounts() {
            return new Accounts();
        }
    }

    static class Accounts {

        @DistributedLock(name = "account", key = "#id")
        <T> Mono<T> locked(String id, Mono<T> work) {
            return work;
        }

        @DistributedLock(name = "account", key = "#id")
        @Transactional
        <T> Mono<T> lockedTransaction(String id, Mono<T> work) {
            return work;
        }

        @DistributedLock(name = "account", key = "#id", leaseTime = "1s", renew = "false")
        @Transactional
        <T> Mono<T> brieflyLockedTransaction(String id, Mono<T> work) {
            return work;
        }
    }
}
