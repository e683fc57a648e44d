package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

/** Methods that must not enter their lock again, through both kinds of proxies. */
class NotReentrantTests {

    private static final LockOptions HELD = LockOptions.named("strict").key("7");

    @ParameterizedTest
    @EnumSource
    void innerCallIsAnsweredByItsFallback(ProxyKind kind) {
        run(kind, context -> {
            Bookings bookings = kind.bean(context, Bookings.class);
            context.getBean(LockOperations.class).run(HELD, () -> {
                assertThat(bookings.notReentrant("7")).isEqualTo("instead of 7");
                assertThat(bookings.notReentrant("8")).isEqualTo("8");
            });
            assertThat(bookings.notReentrant("7")).isEqualTo("7");
        });
    }

    @ParameterizedTest
    @EnumSource
    void innerCallFailsImmediatelyOrIsSkipped(ProxyKind kind) {
        run(kind, context -> {
            StrictJob job = kind.bean(context, StrictJob.class);
            context.getBean(LockOperations.class).run(HELD, () -> {
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(job::thrown)
                        .withMessageContaining("Lock 'strict:7'")
                        .withMessageContaining("reentrant = false");
                assertThat(job.skipped()).isNull();
            });
            assertThat(job.thrown()).isEqualTo("done");
            assertThat(job.skipped()).isEqualTo("done");
        });
    }

    private static void run(ProxyKind kind, ContextConsumer<AssertableApplicationContext> test) {
        kind.in(new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                DistributedLockAspectAutoConfiguration.class,
                                DistributedLockAutoConfiguration.class,
                                LockStoreAutoConfiguration.class)))
                .withPropertyValues("distributed-lock.store=memory")
                .withBean(DefaultBookings.class)
                .withBean(DefaultStrictJob.class)
                .run(test);
    }

    interface StrictJob {

        String thrown();

        String skipped();
    }

    static class DefaultStrictJob implements StrictJob {

        /** Would wait for itself. */
        @Override
        @DistributedLock(name = "strict", key = "'7'", reentrant = false, waitTime = "forever")
        public String thrown() {
            return "done";
        }

        @Override
        @DistributedLock(name = "strict", key = "'7'", reentrant = false, onContention = OnContention.SKIP)
        public String skipped() {
            return "done";
        }
    }
}
