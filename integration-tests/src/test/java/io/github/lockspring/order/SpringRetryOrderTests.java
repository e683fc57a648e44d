package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.retry.RetryCallback;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryListener;
import org.springframework.retry.annotation.Backoff;
import org.springframework.retry.annotation.EnableRetry;
import org.springframework.retry.annotation.Retryable;
import org.springframework.retry.backoff.Sleeper;

/** The library spring-retry stands inside the lock, unless its order says otherwise. */
@ExtendWith(OutputCaptureExtension.class)
class SpringRetryOrderTests {

    @ParameterizedTest
    @EnumSource
    void lockIsHeldThroughAllAttemptsAndTheTimeBetweenThem(ProxyKind kind) {
        runner(kind).withUserConfiguration(InsideTheLock.class).run(context -> {
            kind.bean(context, Work.class).run("1");
            assertThat(journal(context))
                    .containsExactly("body, locked", "failed, locked", "back off, locked", "body, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockThatIsNotToBeHadIsNotRetried(ProxyKind kind) {
        runner(kind).withUserConfiguration(InsideTheLock.class).run(context -> {
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(() -> kind.bean(context, Work.class).run("1"));
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(journal(context)).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void eachAttemptLocksWhereTheOrderOfRetriesIsLess(ProxyKind kind) {
        runner(kind).withUserConfiguration(OutsideOfTheLock.class).run(context -> {
            kind.bean(context, Work.class).run("1");
            assertThat(journal(context)).containsExactly("body, locked", "failed", "back off", "body, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfABackOffUnderTheLock(ProxyKind kind, CapturedOutput output) {
        runner(kind)
                .withBean(NotRetried.class)
                .withUserConfiguration(InsideTheLock.class)
                .run(context -> assertThat(output)
                        .containsOnlyOnce("@Retryable retries it inside the lock")
                        .contains(RetriedWork.class.getName() + ".run(String)", "stays held through all attempts"));
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfAnAnnotationOfTheInterfaceToo(ProxyKind kind, CapturedOutput output) {
        OrderedContexts.runner(kind)
                .withBean(RetriedByInterface.class)
                .withUserConfiguration(InsideTheLock.class)
                .run(context -> {
                    kind.bean(context, RetriedJob.class).run();
                    assertThat(journal(context)).hasSize(4).startsWith("body, locked", "failed, locked");
                    assertThat(output)
                            .containsOnlyOnce("@Retryable retries it inside the lock")
                            .contains(RetriedByInterface.class.getName() + ".run()");
                });
    }

    @ParameterizedTest
    @EnumSource
    void doesNotWarnWhereEachAttemptLocks(ProxyKind kind, CapturedOutput output) {
        runner(kind)
                .withUserConfiguration(OutsideOfTheLock.class)
                .run(context -> assertThat(output).doesNotContain("@Retryable"));
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind).withBean(RetriedWork.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableRetry
    static class InsideTheLock extends Listening {}

    @Configuration(proxyBeanMethods = false)
    @EnableRetry(order = Ordered.LOWEST_PRECEDENCE - 101)
    static class OutsideOfTheLock extends Listening {}

    static class Listening {

        @Bean
        RetryListener failures(Journal journal) {
            return new RetryListener() {
                @Override
                public <T, E extends Throwable> void onError(
                        RetryContext context, RetryCallback<T, E> callback, Throwable failure) {
                    journal.add("failed");
                }
            };
        }

        @Bean
        Sleeper sleeper(Journal journal) {
            return time -> journal.add("back off");
        }
    }

    static class NotRetried {

        @DistributedLock("other")
        public void locked() {}

        @Retryable
        public void retried() {}
    }

    interface RetriedJob {

        @Retryable
        void run();
    }

    static class RetriedByInterface implements RetriedJob {

        private final RetriedWork work;

        RetriedByInterface(Journal journal) {
            this.work = new RetriedWork(journal);
        }

        @Override
        @DistributedLock("job")
        public void run() {
            this.work.run("1");
        }
    }

    static class RetriedWork implements Work {

        private final Journal journal;

        private boolean failed;

        RetriedWork(Journal journal) {
            this.journal = journal;
        }

        @Override
        @Retryable(backoff = @Backoff(delay = 1000))
        @DistributedLock(name = "order", key = "#argument")
        public @Nullable Object run(String argument) {
            this.journal.add("body");
            if (!this.failed) {
                this.failed = true;
                throw new IllegalStateException("the first attempt");
            }
            return null;
        }
    }
}
