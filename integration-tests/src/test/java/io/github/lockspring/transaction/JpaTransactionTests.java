package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LeaseLostException;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Transactions of JPA: Hibernate writes late. */
@Tag("default-line")
class JpaTransactionTests {

    @Test
    void lockInsideOfATransactionIsReleasedAfterItsCommit() {
        run((bank, statements) -> {
            bank.call("transaction", () -> {
                bank.call("locked", () -> product(bank).take());
                assertThat(bank.isLocked()).isTrue();
                assertThat(statements.written).as("writes before the commit").isEmpty();
                bank.watchTransaction();
            });
            assertThat(bank.ends).containsExactly("before the end, locked", "committed, locked");
            assertThat(statements.written).hasSize(1);
            assertThat(bank.isLocked()).isFalse();
            assertThat(remaining(bank)).isEqualTo(9);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"around", "inside"})
    void transactionUnderALostLeaseWritesNothing(String order) {
        run((bank, statements) -> {
            Runnable take = () -> product(bank).take();
            assertLost(() -> bank.call(order.equals("around") ? "brieflyLockedTransaction" : "transaction", () -> {
                bank.call("lockedBriefly", take);
                Bank.awaitLoss();
            }));
            assertThat(statements.written).isEmpty();
            assertThat(remaining(bank)).isEqualTo(10);
        });
    }

    /** What docs/safety.md warns of. */
    @Test
    void leaseThatIsLostInTheFlushOfTheCommitDoesNotKeepTheTransactionFromIt() {
        run((bank, statements) -> {
            statements.beforeEach = Bank::awaitLoss;
            assertLost(() ->
                    bank.call("brieflyLockedTransaction", () -> product(bank).take()));
            assertThat(statements.written).hasSize(1);
            assertThat(remaining(bank)).as("committed under a lost lease").isEqualTo(9);
        });
    }

    /** What docs/safety.md advises. */
    @Test
    void leaseThatIsLostInAFlushOfTheApplicationRollsBack() {
        run((bank, statements) -> {
            statements.beforeEach = Bank::awaitLoss;
            assertLost(() -> bank.call("brieflyLockedTransaction", () -> {
                product(bank).take();
                entityManager(bank).flush();
            }));
            assertThat(statements.written).hasSize(1);
            assertThat(remaining(bank)).isEqualTo(10);
        });
    }

    private static void run(BiConsumer<Bank, Statements> test) {
        ApplicationContextRunner runner =
                TransactionContexts.withoutTransactions(AdviceKind.CLASS).withUserConfiguration(Persistence.class);
        TransactionContexts.withWorks(AdviceKind.CLASS, runner).run(context -> {
            Bank bank = new Bank(AdviceKind.CLASS, context);
            bank.transactionTemplate()
                    .executeWithoutResult(status -> entityManager(bank).persist(new Product()));
            Statements statements = context.getBean(Statements.class);
            statements.written.clear();
            test.accept(bank, statements);
        });
    }

    private static EntityManager entityManager(Bank bank) {
        return SharedEntityManagerCreator.createSharedEntityManager(bank.bean(EntityManagerFactory.class));
    }

    private static Product product(Bank bank) {
        return entityManager(bank).find(Product.class, Product.ID);
    }

    private static int remaining(Bank bank) {
        return product(bank).remaining();
    }

    private static void assertLost(Runnable call) {
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(call::run);
    }

    /** Sees what Hibernate sends. */
    private static final class Statements implements StatementInspector {

        private static final long serialVersionUID = 1L;

        private final transient List<String> written = new CopyOnWriteArrayList<>();

        private transient Runnable beforeEach = () -> {};

        @Override
        public String inspect(String sql) {
            if (!sql.startsWith("select")) {
                this.beforeEach.run();
                this.written.add(sql);
            }
            return sql;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Persistence {

        @Bean
        DriverManagerDataSource dataSource() {
            return new DriverManagerDataSource(TestDatabase.newUrl());
        }

        @Bean
        Statements statements() {
            return new Statements();
        }

        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(
                DriverManagerDataSource dataSource, Statements statements) {
            LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
            factory.setDataSource(dataSource);
            factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            factory.setManagedTypes(PersistenceManagedTypes.of(Product.class.getName()));
            factory.setJpaPropertyMap(Map.of(
                    "hibernate.hbm2ddl.auto",
                    "create-drop",
                    "hibernate.session_factory.statement_inspector",
                    statements));
            return factory;
        }

        @Bean
        JpaTransactionManager transactions(EntityManagerFactory entityManagerFactory) {
            return new JpaTransactionManager(entityManagerFactory);
        }
    }
}
