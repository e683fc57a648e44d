package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.resilience.retry.MethodRetryEvent;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** The retries of Spring Framework 7 stand outside of the lock. Not compiled on lines with Spring Framework 6. */
class ResilienceOrderTests {

    @ParameterizedTest
    @EnumSource
    void eachAttemptLocks(ProxyKind kind) {
        eachAttemptLocks(kind, runner(kind));
    }

    /** Whatever the order of the lock: retries are put before all advice there is. */
    @ParameterizedTest
    @EnumSource
    void eachAttemptLocksEvenAsTheFirstAdvisor(ProxyKind kind) {
        eachAttemptLocks(kind, runner(kind).withPropertyValues("distributed-lock.order=" + Ordered.HIGHEST_PRECEDENCE));
    }

    private static void eachAttemptLocks(ProxyKind kind, ApplicationContextRunner runner) {
        runner.run(context -> {
            kind.bean(context, Office.class).run("1");

            assertThat(journal(context))
                    .containsExactly("body, locked", "failed: IllegalStateException", "body, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockThatIsNotToBeHadIsRetriedUnlessExcluded(ProxyKind kind) {
        runner(kind).run(context -> {
            Office office = kind.bean(context, Office.class);
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(() -> office.runUnlessContended("1"));
                assertThat(journal(context)).containsExactly("failed: LockNotAcquiredException", "given up");

                journal(context).clear();
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> office.run("1"));
                assertThat(journal(context))
                        .containsExactly(
                                "failed: LockNotAcquiredException", "failed: LockNotAcquiredException", "given up");
                assertThat(lease.isHeld()).isTrue();
            }
        });
    }

    /** The first attempt has the lock that was acquired for the task; later ones acquire it on the executor's thread. */
    @ParameterizedTest
    @EnumSource
    void eachAttemptOfAnAsynchronousMethodLocks(ProxyKind kind) {
        OrderedContexts.runner(kind)
                .withUserConfiguration(Retries.class, Asynchronous.class)
                .withPropertyValues("distributed-lock.wait-time=1m")
                .withBean(AsyncOffice.class)
                .run(context -> {
                    LockLease first = heldElsewhere(context, "1");
                    Future<String> result =
                            kind.bean(context, AsynchronousOffice.class).compute("1");
                    assertThat(result.isDone()).isFalse();
                    first.close();

                    assertThat(result.get()).isEqualTo("done");
                    assertThat(journal(context))
                            .containsExactly("body, locked", "failed: IllegalStateException", "body, locked");
                });
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind).withUserConfiguration(Retries.class).withBean(RetryingOffice.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableResilientMethods
    static class Retries {

        @Bean
        ApplicationListener<MethodRetryEvent> failures(Journal journal) {
            return event -> journal.add(
                    event.isRetryAborted()
                            ? "given up"
                            : "failed: " + event.getFailure().getClass().getSimpleName());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {

        @Bean
        SimpleAsyncTaskExecutor taskExecutor() {
            return new SimpleAsyncTaskExecutor();
        }
    }

    interface AsynchronousOffice {

        @Retryable(maxRetries = 1, delay = 1)
        Future<String> compute(String argument);
    }

    static class AsyncOffice implements AsynchronousOffice {

        private final Journal journal;

        private volatile boolean failed;

        AsyncOffice(Journal journal) {
            this.journal = journal;
        }

        @Override
        @Async
        @DistributedLock(name = "order", key = "#argument")
        public Future<String> compute(String argument) {
            this.journal.add("body");
            if (!this.failed) {
                this.failed = true;
                throw new IllegalStateException("the first attempt");
            }
            return CompletableFuture.completedFuture("done");
        }
    }

    /** Spring looks for its annotation on the method that is called: with a JDK proxy, that of the interface. */
    interface Office {

        @Retryable(maxRetries = 1, delay = 1)
        @Nullable Object run(String argument);

        @Retryable(maxRetries = 1, delay = 1, excludes = LockNotAcquiredException.class)
        @Nullable Object runUnlessContended(String argument);
    }

    static class RetryingOffice implements Office {

        private final Journal journal;

        private boolean failed;

        RetryingOffice(Journal journal) {
            this.journal = journal;
        }

        @Override
        @DistributedLock(name = "order", key = "#argument")
        public @Nullable Object run(String argument) {
            this.journal.add("body");
            if (!this.failed) {
                this.failed = true;
                throw new IllegalStateException("the first attempt");
            }
            return null;
        }

        @Override
        @DistributedLock(name = "order", key = "#argument")
        public @Nullable Object runUnlessContended(String argument) {
            return run(argument);
        }
    }
}
