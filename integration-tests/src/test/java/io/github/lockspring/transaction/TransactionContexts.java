package io.github.lockspring.transaction;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockDisabledAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import io.github.lockspring.autoconfigure.Work;
import io.github.lockspring.autoconfigure.WovenLocking;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Contexts with two databases, a transaction manager for each, locks in memory that are not waited for, and {@link Work}
 * beans with annotations of both.
 */
final class TransactionContexts {

    private TransactionContexts() {}

    static ApplicationContextRunner runner(AdviceKind kind) {
        return withWorks(kind, withoutTransactions(kind).withUserConfiguration(Transactions.class));
    }

    /** The lock of a method is inside of its transaction. */
    static ApplicationContextRunner reversed(AdviceKind kind) {
        return withWorks(kind, withoutTransactions(kind).withUserConfiguration(EarlyTransactions.class));
    }

    static ApplicationContextRunner withWorks(AdviceKind kind, ApplicationContextRunner runner) {
        return runner.withBean("locked", kind.type(Locked.class))
                .withBean("lockedBriefly", kind.type(LockedBriefly.class))
                .withBean("lockedTransaction", kind.type(LockedTransaction.class))
                .withBean("brieflyLockedTransaction", kind.type(BrieflyLockedTransaction.class))
                .withBean("transaction", kind.type(InTransaction.class))
                .withBean("newTransaction", kind.type(InNewTransaction.class))
                .withBean("nestedTransaction", kind.type(InNestedTransaction.class))
                .withBean("readOnlyTransaction", kind.type(InReadOnlyTransaction.class))
                .withBean("otherTransaction", kind.type(InOtherTransaction.class));
    }

    static ApplicationContextRunner withoutTransactions(AdviceKind kind) {
        ApplicationContextRunner runner = kind.in(new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DistributedLockAspectAutoConfiguration.class,
                        DistributedLockAutoConfiguration.class,
                        DistributedLockDisabledAutoConfiguration.class,
                        LockStoreAutoConfiguration.class))
                .withPropertyValues("distributed-lock.store=memory", "distributed-lock.wait-time=0s"));
        return kind == AdviceKind.WOVEN ? WovenLocking.in(runner) : runner;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions extends Databases {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 10)
    static class EarlyTransactions extends Databases {}

    static class Databases {

        private final String table = "ledger_" + UUID.randomUUID().toString().replace('-', '_');

        @Bean
        DriverManagerDataSource dataSource() {
            return new DriverManagerDataSource(TestDatabase.newUrl());
        }

        @Bean
        @Primary
        DataSourceTransactionManager transactions(DriverManagerDataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        /** Another data source to Spring, whether or not it is another database. */
        @Bean
        DataSourceTransactionManager otherTransactions() {
            return new DataSourceTransactionManager(new DriverManagerDataSource(TestDatabase.newUrl()));
        }

        @Bean
        Ledger ledger(DriverManagerDataSource dataSource) {
            return new Ledger(dataSource, this.table);
        }

        @Bean
        Ledger otherLedger(@Qualifier("otherTransactions") DataSourceTransactionManager otherTransactions) {
            return new Ledger(otherTransactions.getDataSource(), "other_" + this.table);
        }
    }

    static class Locked implements Work {

        @Override
        @DistributedLock(name = "account", key = "#key")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    /** The lease ends a second after it began. */
    static class LockedBriefly implements Work {

        @Override
        @DistributedLock(name = "account", key = "#key", leaseTime = "1s", renew = "false")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class LockedTransaction implements Work {

        @Override
        @DistributedLock(name = "account", key = "#key")
        @Transactional
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class BrieflyLockedTransaction implements Work {

        @Override
        @DistributedLock(name = "account", key = "#key", leaseTime = "1s", renew = "false")
        @Transactional
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class InTransaction implements Work {

        @Override
        @Transactional
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class InNewTransaction implements Work {

        @Override
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class InNestedTransaction implements Work {

        @Override
        @Transactional(propagation = Propagation.NESTED)
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class InReadOnlyTransaction implements Work {

        @Override
        @Transactional(readOnly = true)
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class InOtherTransaction implements Work {

        @Override
        @Transactional("otherTransactions")
        public void run(String key, Runnable body) {
            body.run();
        }
    }
}
