package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Two applications, one database, one lock around the transaction. */
class LockedTransactionIntegrationTests {

    private static final int THREADS = 4;

    private static final int INCREMENTS = 25;

    private final ApplicationContextRunner runner = LockContextRunners.sharedRedis()
            .withUserConfiguration(Database.class)
            .withPropertyValues(
                    "database=" + UUID.randomUUID(),
                    "distributed-lock.wait-time=30s",
                    "distributed-lock.release-mode=sync");

    @ParameterizedTest
    @EnumSource
    void releasesAfterCommit(ProxyKind kind) {
        inTwoApplications(kind, (here, there) -> {
            List<String> seen = new ArrayList<>();
            here.work("account")
                    .run(
                            "1",
                            () -> TransactionSynchronizationManager.registerSynchronization(
                                    new TransactionSynchronization() {
                                        @Override
                                        public void beforeCommit(boolean readOnly) {
                                            seen.add("before: " + meets(there));
                                        }

                                        @Override
                                        public void afterCommit() {
                                            seen.add("after: " + meets(there));
                                        }
                                    }));
            assertThat(seen).containsExactly("before: false", "after: false");
            assertThat(meets(there)).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void whoeverGetsTheLockSeesTheCommitOfTheOneBefore(ProxyKind kind) {
        inTwoApplications(kind, (here, there) -> {
            ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS);
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(() -> increment(here));
                tasks.add(() -> increment(there));
            }
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
            threads.shutdown();
            assertThat(here.context()
                            .getBean(JdbcTemplate.class)
                            .queryForObject("select n from counter", Integer.class))
                    .isEqualTo(2 * THREADS * INCREMENTS);
        });
    }

    private static Void increment(Application application) {
        JdbcTemplate jdbc = application.context().getBean(JdbcTemplate.class);
        for (int i = 0; i < INCREMENTS; i++) {
            application.work("account").run("1", () -> {
                int read = jdbc.queryForObject("select n from counter", Integer.class);
                jdbc.update("update counter set n = ?", read + 1);
            });
        }
        return null;
    }

    private static boolean meets(Application other) {
        return Encounter.happens(body -> body.run(), body -> other.work("hasty").run("1", body));
    }

    private void inTwoApplications(ProxyKind kind, Test test) {
        ApplicationContextRunner kindRunner = kind.in(this.runner);
        kindRunner.run(
                here -> kindRunner.run(there -> test.run(new Application(kind, here), new Application(kind, there))));
    }

    @FunctionalInterface
    private interface Test {

        void run(Application here, Application there) throws InterruptedException, ExecutionException;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Database {

        @Bean
        DriverManagerDataSource dataSource(@Value("${database}") String name) {
            return new DriverManagerDataSource("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        }

        @Bean
        DataSourceTransactionManager transactionManager(DriverManagerDataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        JdbcTemplate jdbcTemplate(DriverManagerDataSource dataSource) {
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute("create table if not exists counter as select 0 as n");
            return jdbc;
        }

        @Bean
        Work account() {
            return new Account();
        }

        @Bean
        Work hasty() {
            return new HastyVisitor();
        }
    }

    static class Account implements Work {

        @Override
        @DistributedLock(name = "account", key = "#key")
        @Transactional
        public void run(String key, Runnable body) {
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isTrue();
            assertThat(LockContext.current()).isPresent();
            body.run();
        }
    }

    static class HastyVisitor implements Work {

        @Override
        @DistributedLock(name = "account", key = "#key", waitTime = "0s")
        public void run(String key, Runnable body) {
            body.run();
        }
    }
}
