package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** A task executor that keeps the thread that gives it a task is warned of, once, where it is to be used. */
@ExtendWith(OutputCaptureExtension.class)
class BlockingTaskExecutorTests {

    private static final String END = "on a thread of the lock engine";

    @ParameterizedTest
    @EnumSource
    void namedExecutorIsWarnedOfAtTheStart(Blocking blocking, CapturedOutput output) {
        named(blocking.executor).run(context -> {
            assertThat(output.getAll().lines().filter(line -> line.contains(END)))
                    .singleElement()
                    .asString()
                    .contains(
                            "WARN", "Task executor 'tasks' " + blocking.reason, "queue or reject", LockTasks.PROPERTY);
            assertThat(context.getBean(LockOperations.class)
                            .executeAsync(
                                    LockOptions.named("order"), lease -> CompletableFuture.completedFuture("done"))
                            .toCompletableFuture()
                            .get())
                    .isEqualTo("done");
        });
        assertThat(warnings(output)).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void executorThatKeepsNoThreadIsNotWarnedOf(Harmless harmless, CapturedOutput output) {
        named(harmless.executor).run(context -> assertThat(context).hasNotFailed());
        assertThat(warnings(output)).isZero();
    }

    @Test
    void defaultExecutorIsWarnedOfWhereAnAsynchronousMethodIsLocked(CapturedOutput output) {
        byDefault()
                .withBean(Orders.class)
                .run(context -> assertThat(warnings(output)).isOne());
    }

    @Test
    void defaultExecutorIsWarnedOfByTheFirstCallOfOtherApplications(CapturedOutput output) {
        byDefault().run(context -> {
            assertThat(warnings(output)).isZero();
            LockOperations locks = context.getBean(LockOperations.class);
            for (int i = 0; i < 2; i++) {
                locks.executeAsync(LockOptions.named("order"), lease -> CompletableFuture.completedFuture("done"))
                        .toCompletableFuture()
                        .get();
            }
        });
        assertThat(warnings(output)).isOne();
    }

    @Test
    void nothingIsSaidWhereLockingIsDisabled(CapturedOutput output) {
        named(Blocking.SYNCHRONOUS.executor)
                .withPropertyValues("distributed-lock.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(warnings(output)).isZero();
    }

    @Test
    void propertyOfSpringBootIsNamed(CapturedOutput output) {
        byDefault()
                .withBean(Orders.class)
                .withPropertyValues("spring.task.execution.simple.concurrency-limit=2")
                .run(context -> assertThat(output)
                        .contains("Remove spring.task.execution.simple.concurrency-limit, set"
                                + " spring.task.execution.simple.reject-tasks-when-limit-reached=true, or set"
                                + " distributed-lock.task-executor to the name of another executor"));
        assertThat(warnings(output)).isOne();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void limitOfVirtualThreadsIsWarnedOfUnlessTasksAreRejected(CapturedOutput output) {
        ApplicationContextRunner runner = LockContextRunners.memory()
                .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .withBean(Orders.class)
                .withPropertyValues("spring.threads.virtual.enabled=true");
        runner.run(context -> assertThat(context).hasNotFailed());
        assertThat(warnings(output)).isZero();

        ApplicationContextRunner limited =
                runner.withPropertyValues("spring.task.execution.simple.concurrency-limit=2");
        limited.withPropertyValues("spring.task.execution.simple.reject-tasks-when-limit-reached=true")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(warnings(output)).isZero();

        limited.run(context -> assertThat(context).hasNotFailed());
        assertThat(warnings(output)).isOne();
    }

    private static ApplicationContextRunner named(Supplier<Executor> executor) {
        return LockContextRunners.memory()
                .withPropertyValues("distributed-lock.task-executor=tasks")
                .withBean("tasks", Executor.class, executor);
    }

    private static ApplicationContextRunner byDefault() {
        return LockContextRunners.memory()
                .withBean("applicationTaskExecutor", Executor.class, Blocking.LIMITED.executor);
    }

    private static long warnings(CapturedOutput output) {
        return output.getAll().lines().filter(line -> line.contains(END)).count();
    }

    private static SimpleAsyncTaskExecutor simple(int limit) {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
        executor.setConcurrencyLimit(limit);
        return executor;
    }

    private static ThreadPoolTaskExecutor pool(int queue, RejectedExecutionHandler handler) {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setQueueCapacity(queue);
        executor.setRejectedExecutionHandler(handler);
        return executor;
    }

    private static ThreadPoolExecutor plain(RejectedExecutionHandler handler) {
        return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(5), handler);
    }

    enum Blocking {
        SYNCHRONOUS(SyncTaskExecutor::new, "runs each task on the thread"),
        LIMITED(() -> simple(3), "has a concurrency limit (3)"),
        POOL(() -> pool(5, new ThreadPoolExecutor.CallerRunsPolicy()), "runs a task on the thread"),
        PLAIN_POOL(() -> plain(new ThreadPoolExecutor.CallerRunsPolicy()), "runs a task on the thread"),
        ADAPTED(() -> new ConcurrentTaskExecutor(simple(3)), "has a concurrency limit (3)");

        final Supplier<Executor> executor;

        final String reason;

        Blocking(Supplier<Executor> executor, String reason) {
            this.executor = executor;
            this.reason = reason;
        }
    }

    enum Harmless {
        UNLIMITED(SimpleAsyncTaskExecutor::new),
        POOL(() -> pool(5, new ThreadPoolExecutor.AbortPolicy())),
        ENDLESS_QUEUE(() -> pool(Integer.MAX_VALUE, new ThreadPoolExecutor.CallerRunsPolicy())),
        PLAIN_POOL(() -> plain(new ThreadPoolExecutor.AbortPolicy()));

        final Supplier<Executor> executor;

        Harmless(Supplier<Executor> executor) {
            this.executor = executor;
        }
    }

    static class Orders {

        @DistributedLock(name = "order")
        public CompletableFuture<String> change() {
            return CompletableFuture.completedFuture("done");
        }
    }
}
