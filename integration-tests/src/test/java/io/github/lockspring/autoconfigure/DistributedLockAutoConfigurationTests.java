package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;

class DistributedLockAutoConfigurationTests {

    private final ApplicationContextRunner memory = LockContextRunners.memory();

    @Test
    void givesTheTemplateByItsNameAndByItsInterface() {
        this.memory.run(context -> {
            assertThat(context).hasSingleBean(LockOperations.class);
            assertThat(context.getBean("distributedLockTemplate")).isInstanceOf(LockTemplate.class);
            assertThat(context.getBean(LockOperations.class).<String, RuntimeException>call("report", () -> "done"))
                    .isEqualTo("done");
        });
    }

    @Test
    void namesTheApplicationInItsOwners() {
        this.memory.withPropertyValues("spring.application.name=shop").run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            locks.call(
                    "report",
                    () -> assertThat(locks.holder("report").orElseThrow().owner())
                            .startsWith("shop@"));
        });
    }

    @Test
    void failsWithoutStore() {
        LockContextRunners.plain()
                .run(context -> assertThat(context).getFailure().hasRootCauseInstanceOf(NoLockStoreException.class));
    }

    @Test
    void usesTheStoreOfTheApplication() {
        LockContextRunners.plain()
                .withBean("mine", LockStore.class, InMemoryLockStore::new)
                .run(context -> {
                    assertThat(context).hasSingleBean(LockStore.class).hasBean("mine");
                    context.getBean(LockOperations.class).call("report", () -> null);
                });
    }

    @Test
    void usesTheEngineOfTheApplicationAndThenNeedsNoStore() {
        LockEngine engine = mock(LockEngine.class);
        LockContextRunners.plain()
                .withBean(LockEngine.class, () -> engine)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(LockTemplate.class)
                        .getBean(LockEngine.class)
                        .isSameAs(engine));
    }

    @Test
    void usesTheOperationsOfTheApplicationAndThenNeedsNoStore() {
        LockOperations operations = mock(LockOperations.class);
        LockContextRunners.plain()
                .withBean(LockOperations.class, () -> operations)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(LockTemplate.class)
                        .doesNotHaveBean(LockEngine.class)
                        .getBean(LockOperations.class)
                        .isSameAs(operations));
    }

    @Test
    void letsOperationsOfTheApplicationBuildOnTheEngine() {
        this.memory.withUserConfiguration(DecoratedOperations.class).run(context -> {
            assertThat(context).hasSingleBean(LockOperations.class).doesNotHaveBean("distributedLockTemplate");
            context.getBean(LockOperations.class).call("report", () -> null);
        });
    }

    @Test
    void usesTheSettingsOfTheApplication() {
        LockSettings settings = new LockSettings(Duration.ZERO, Duration.ofSeconds(9), false, Map.of());
        this.memory
                .withBean(LockSettings.class, () -> settings)
                .run(context -> assertThat(context.getBean(LockSettings.class)).isSameAs(settings));
    }

    @Test
    void runsCallbacksOnTheExecutorOfTheApplicationIfThereIsOne() {
        this.memory
                .withBean("distributedLockCallbackExecutor", Executor.class, () -> new SimpleAsyncTaskExecutor("mine-"))
                .run(context -> assertThat(callbackThread(context.getBean(LockOperations.class)))
                        .startsWith("mine-"));
    }

    @Test
    void runsCallbacksOnThreadsOfItsOwn() {
        this.memory.run(context -> assertThat(callbackThread(context.getBean(LockOperations.class)))
                .startsWith("distributed-lock-callback-"));
    }

    private static String callbackThread(LockOperations locks) {
        CompletableFuture<String> thread = new CompletableFuture<>();
        try (LockLease ahead = locks.acquire(LockOptions.named("report"))) {
            assertThat(ahead.isHeld()).isTrue();
            locks.acquireAsync(LockOptions.named("report")).thenAccept(lease -> {
                thread.complete(Thread.currentThread().getName());
                lease.close();
            });
        }
        return thread.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void displacesNoExecutorOfSpringBoot() {
        this.memory
                .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .run(context -> {
                    assertThat(context).hasBean("applicationTaskExecutor").hasBean("distributedLockCallbackExecutor");
                    assertThat(context.getBean(TaskExecutor.class))
                            .isSameAs(context.getBean("applicationTaskExecutor"));
                    assertThat(context.getBeanProvider(AsyncTaskExecutor.class).getIfUnique())
                            .isSameAs(context.getBean("applicationTaskExecutor"));
                });
    }

    @Test
    void isNotInjectedWhereAnExecutorIsWanted() {
        this.memory
                .withBean("own", ExecutorService.class, () -> mock(ExecutorService.class))
                .withUserConfiguration(WantsExecutor.class)
                .run(context -> assertThat(context.getBean(WantsExecutor.class).executor)
                        .isSameAs(context.getBean("own")));
    }

    @Configuration(proxyBeanMethods = false)
    static class DecoratedOperations {

        @Bean
        LockOperations operations(LockEngine engine, LockSettings settings) {
            return new LockTemplate(engine, settings) {};
        }
    }

    static class WantsExecutor {

        private final Executor executor;

        WantsExecutor(Executor executor) {
            this.executor = executor;
        }
    }
}
