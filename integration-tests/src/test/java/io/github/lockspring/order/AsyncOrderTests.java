package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;

/** The thread that runs the method takes its lock. */
class AsyncOrderTests {

    @ParameterizedTest
    @EnumSource
    void locksOnTheExecutingThread(ProxyKind kind) {
        locksOnTheExecutingThread(kind, runner(kind));
    }

    /** Whatever the order of the lock: asynchronous execution is put before all advice there is. */
    @ParameterizedTest
    @EnumSource
    void locksOnTheExecutingThreadEvenAsTheFirstAdvisor(ProxyKind kind) {
        locksOnTheExecutingThread(
                kind, runner(kind).withPropertyValues("distributed-lock.order=" + Ordered.HIGHEST_PRECEDENCE));
    }

    private static void locksOnTheExecutingThread(ProxyKind kind, ApplicationContextRunner runner) {
        runner.withUserConfiguration(Asynchronous.class).run(context -> {
            kind.bean(context, Task.class).run("1");

            assertThat(context.getBean(Outcome.class).get()).isEqualTo("locked on executor-1");
        });
    }

    @ParameterizedTest
    @EnumSource
    void callerNeitherWaitsNorHearsThatTheLockWasNotToBeHad(ProxyKind kind) {
        runner(kind).withUserConfiguration(Asynchronous.class).run(context -> {
            try (LockLease lease = heldElsewhere(context, "1")) {
                kind.bean(context, Task.class).run("1");

                assertThat(context.getBean(Outcome.class).get())
                        .asInstanceOf(throwable(LockNotAcquiredException.class))
                        .hasMessageContaining("order");
                assertThat(lease.isHeld()).isTrue();
            }
        });
    }

    @Test
    void refusesAnExecutorInsideTheLock() {
        runner(ProxyKind.CLASS)
                .withUserConfiguration(AsynchronousSubclassBeforeProxies.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(InvalidLockAnnotationException.class))
                        .hasMessageContaining("LockedTask.run(String)")
                        .hasMessageContaining(
                                "to an executor inside the lock, which would be released before the method begins")
                        .hasMessageContaining("@EnableAsync"));
    }

    @Test
    void refusesAnExecutorThatHidesTheAnnotationFromTheProxy() {
        runner(ProxyKind.INTERFACES)
                .withUserConfiguration(AsynchronousBeforeProxies.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(InvalidLockAnnotationException.class))
                        .hasMessageContaining("LockedTask.run(String)"));
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind).withBean(Outcome.class).withBean(LockedTask.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous extends Execution {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(order = Ordered.HIGHEST_PRECEDENCE)
    static class AsynchronousBeforeProxies extends Execution {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(order = Ordered.HIGHEST_PRECEDENCE, proxyTargetClass = true)
    static class AsynchronousSubclassBeforeProxies extends Execution {}

    static class Execution {

        @Bean
        TaskExecutor executor() {
            return new SimpleAsyncTaskExecutor("executor-");
        }

        @Bean
        static AsyncConfigurer failures(ObjectProvider<Outcome> outcome) {
            return new AsyncConfigurer() {
                @Override
                public AsyncUncaughtExceptionHandler getAsyncUncaughtExceptionHandler() {
                    return (failure, method, arguments) -> outcome.getObject().is(failure);
                }
            };
        }
    }

    /** What became of the one call. */
    static class Outcome {

        private final CompletableFuture<Object> outcome = new CompletableFuture<>();

        void is(Object outcome) {
            this.outcome.complete(outcome);
        }

        Object get() {
            return this.outcome.orTimeout(1, TimeUnit.MINUTES).join();
        }
    }

    interface Task {

        void run(String id);
    }

    static class LockedTask implements Task {

        private final Outcome outcome;

        LockedTask(Outcome outcome) {
            this.outcome = outcome;
        }

        @Override
        @Async
        @DistributedLock(name = "order", key = "#id")
        public void run(String id) {
            this.outcome.is(
                    (LockContext.current().filter(LockLease::isHeld).isPresent() ? "locked on " : "unlocked on ")
                            + Thread.currentThread().getName());
        }
    }
}
