package io.github.lockspring.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.github.lockspring.reactive.ReactiveReleaseStrategy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;
import reactor.core.publisher.Mono;

/** Which transaction managers are guarded. */
@ExtendWith(OutputCaptureExtension.class)
class CommitGuardRegistrationTests {

    private static final String WARNING = "takes no TransactionExecutionListener";

    private final ApplicationContextRunner runner = TransactionContexts.withoutTransactions(AdviceKind.CLASS);

    @Test
    void everyTransactionManagerHasOneGuard(CapturedOutput output) {
        TransactionContexts.runner(AdviceKind.CLASS).run(context -> {
            assertThat(listeners(context, "transactions")).singleElement().isInstanceOf(CommitGuard.class);
            assertThat(listeners(context, "otherTransactions")).singleElement().isInstanceOf(CommitGuard.class);
            assertThat(output).doesNotContain(WARNING, "not eligible for getting processed");
        });
    }

    @Test
    void guardOfTheApplicationIsEnough() {
        CommitGuard own = new CommitGuard();
        this.runner
                .withBean("transactions", DataSourceTransactionManager.class, () -> {
                    DataSourceTransactionManager manager = newTransactionManager();
                    manager.addListener(own);
                    return manager;
                })
                .run(context -> assertThat(listeners(context, "transactions")).containsExactly(own));
    }

    /** Spring keeps the collection that a manager is given. */
    @Test
    void listenersOfTheApplicationStayAndTheirCollectionIsNotChanged() {
        TransactionExecutionListener own = new TransactionExecutionListener() {};
        List<TransactionExecutionListener> unmodifiable = List.of(own);
        this.runner
                .withBean("transactions", DataSourceTransactionManager.class, () -> {
                    DataSourceTransactionManager manager = newTransactionManager();
                    manager.setTransactionExecutionListeners(unmodifiable);
                    return manager;
                })
                .run(context -> assertThat(listeners(context, "transactions"))
                        .hasSize(2)
                        .startsWith(own)
                        .last()
                        .isInstanceOf(CommitGuard.class));
        List<TransactionExecutionListener> live = new ArrayList<>(unmodifiable);
        this.runner
                .withBean("transactions", DataSourceTransactionManager.class, () -> {
                    DataSourceTransactionManager manager = newTransactionManager();
                    manager.setTransactionExecutionListeners(live);
                    return manager;
                })
                .run(context -> assertThat(listeners(context, "transactions")).hasSize(2));
        assertThat(live).containsExactly(own);
    }

    @Test
    void warnsOfATransactionManagerThatRefusesListeners(CapturedOutput output) {
        this.runner
                .withBean("sealed", SealedTransactionManager.class)
                .run(context -> assertThat(output)
                        .containsOnlyOnce(WARNING)
                        .contains("'sealed'", "SealedTransactionManager", "sealed by its owner"));
    }

    @Test
    void productOfAFactoryBeanIsGuarded(CapturedOutput output) {
        this.runner.withBean("transactions", TransactionsFactory.class).run(context -> {
            assertThat(listeners(context, "transactions")).hasSize(1);
            assertThat(output).doesNotContain(WARNING);
        });
    }

    @Test
    void lazyTransactionManagerIsGuardedWhenItIsCreatedAndNotBefore() {
        AtomicBoolean created = new AtomicBoolean();
        this.runner
                .withBean(
                        "transactions",
                        DataSourceTransactionManager.class,
                        () -> {
                            created.set(true);
                            return newTransactionManager();
                        },
                        definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(created).isFalse();
                    assertThat(listeners(context, "transactions")).hasSize(1);
                });
    }

    @Test
    void transactionManagerThatIsCreatedBeforeAllPostProcessorsIsGuarded() {
        this.runner
                .withUserConfiguration(EarlyTransactionManager.class)
                .run(context -> assertThat(listeners(context, "transactions")).hasSize(1));
    }

    @Test
    void transactionManagerOfAParentContextIsGuarded() {
        new ApplicationContextRunner()
                .withBean(
                        "transactions",
                        DataSourceTransactionManager.class,
                        CommitGuardRegistrationTests::newTransactionManager)
                .run(parent -> this.runner
                        .withParent(parent)
                        .run(child ->
                                assertThat(listeners(parent, "transactions")).hasSize(1)));
    }

    @Test
    void warnsOnceOfATransactionManagerThatCannotBeGuarded(CapturedOutput output) {
        this.runner
                .withBean("plain", PlainTransactionManager.class)
                .run(context -> assertThat(output)
                        .containsOnlyOnce(WARNING)
                        .contains("'plain'", "PlainTransactionManager", "LockContext.ensureHeld()"));
    }

    @Test
    void reactiveTransactionManagersHaveAGuardOfTheirOwn(CapturedOutput output) {
        this.runner.withBean("reactive", NoDatabase.class).run(context -> {
            assertThat(listeners(context, "reactive")).singleElement().isInstanceOf(ReactiveCommitGuard.class);
            assertThat(context).hasSingleBean(ReactiveReleaseStrategy.class);
            assertThat(output).doesNotContain(WARNING, "not eligible for getting processed");
        });
    }

    @Test
    void locksWithoutReactor() {
        this.runner.withClassLoader(new FilteredClassLoader("reactor")).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean("distributedLockReactiveReleaseStrategy");
            LockOperations locks = context.getBean(LockOperations.class);
            locks.run("order", () -> assertThat(locks.holder("order")).isPresent());
        });
    }

    @Test
    void locksOfPipelinesWorkWithoutSpringsTransactions() {
        this.runner
                .withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(ReactiveReleaseStrategy.class);
                    assertThat(context.getBean(ReactiveLockOperations.class)
                                    .withLock(LockOptions.named("order"), Mono.just("done"))
                                    .block())
                            .isEqualTo("done");
                });
    }

    @Test
    void saysNothingOfOtherTransactionManagers(CapturedOutput output) {
        this.runner
                .withBean("reactive", TransactionManager.class, () -> new TransactionManager() {})
                .run(context -> assertThat(output).doesNotContain(WARNING));
    }

    @Test
    void noGuardWhereLockingIsSwitchedOff() {
        TransactionContexts.runner(AdviceKind.CLASS)
                .withPropertyValues("distributed-lock.enabled=false")
                .run(context -> assertThat(listeners(context, "transactions")).isEmpty());
    }

    @Test
    void locksWithoutSpringsTransactions() {
        this.runner
                .withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(LeaseReleaseStrategy.class);
                    LockOperations locks = context.getBean(LockOperations.class);
                    locks.run("order", () -> assertThat(locks.holder("order")).isPresent());
                });
    }

    @Test
    void strategyOfTheApplicationIsUsedByAllTemplates() {
        List<String> asked = new CopyOnWriteArrayList<>();
        TransactionContexts.runner(AdviceKind.CLASS)
                .withBean(LeaseReleaseStrategy.class, () -> request -> {
                    asked.add(request.name().toString());
                    return lease -> lease;
                })
                .withPropertyValues("distributed-lock.servers.reporting.key-prefix=reporting")
                .run(context -> {
                    context.getBean(LockOperations.class).run("by hand", () -> {});
                    new Bank(AdviceKind.CLASS, context).call("locked", () -> {});
                    context.getBean("reportingLockTemplate", LockOperations.class)
                            .run("elsewhere", () -> {});
                    assertThat(asked).containsExactly("by hand", "account:1", "elsewhere");
                });
    }

    private static DataSourceTransactionManager newTransactionManager() {
        return new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:unused"));
    }

    private static List<TransactionExecutionListener> listeners(ApplicationContext context, String bean) {
        return List.copyOf(
                context.getBean(bean, ConfigurableTransactionManager.class).getTransactionExecutionListeners());
    }

    static class TransactionsFactory implements FactoryBean<PlatformTransactionManager> {

        @Override
        public PlatformTransactionManager getObject() {
            return newTransactionManager();
        }

        @Override
        public Class<?> getObjectType() {
            return PlatformTransactionManager.class;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EarlyTransactionManager {

        @Bean
        static DataSourceTransactionManager transactions() {
            return newTransactionManager();
        }

        @Bean
        static BeanFactoryPostProcessor early() {
            return beanFactory -> beanFactory.getBean("transactions");
        }
    }

    static class SealedTransactionManager extends PlainTransactionManager implements ConfigurableTransactionManager {

        @Override
        public void setTransactionExecutionListeners(Collection<TransactionExecutionListener> listeners) {
            throw new IllegalStateException("sealed by its owner");
        }

        @Override
        public Collection<TransactionExecutionListener> getTransactionExecutionListeners() {
            return List.of();
        }
    }

    /** As old as Spring itself. */
    static class PlainTransactionManager implements PlatformTransactionManager {

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {}

        @Override
        public void rollback(TransactionStatus status) {}
    }
}
