package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LogCapture;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Keys that are personal data, as logs and exceptions of an application show them. */
class MaskedKeysTests {

    private static final String KEY = "alice@example.org";

    private final LogCapture log = LogCapture.debug(LockException.class);

    @AfterEach
    void readNoMore() {
        this.log.close();
    }

    @ParameterizedTest
    @EnumSource
    void areMaskedWhereThePropertySaysSo(ProxyKind kind) {
        kind.in(runner()).withPropertyValues("distributed-lock.mask-keys=true").run(context -> {
            LockNotAcquiredException refusal = refusal(kind, context);
            assertThat(refusal).hasMessageNotContaining(KEY).hasMessageContaining("'order:#");
            assertThat(refusal.getLockName()).isEqualTo("order");
            assertThat(refusal.getKey()).startsWith("#");
            assertThat(said()).contains("'order:#").doesNotContain(KEY);
            assertThat(releasedTwice(context)).hasMessageContaining("'order:#").hasMessageNotContaining(KEY);
            Work work = kind.bean(context, Work.class, "work");
            work.run(
                    KEY,
                    () -> assertThat(LockContext.current().orElseThrow().key()).isEqualTo(KEY));
        });
    }

    @ParameterizedTest
    @EnumSource
    void areShownByDefault(ProxyKind kind) {
        kind.in(runner()).run(context -> {
            LockNotAcquiredException refusal = refusal(kind, context);
            assertThat(refusal).hasMessageContaining("'order:" + KEY + "'");
            assertThat(refusal.getKey()).isEqualTo(KEY);
            assertThat(said()).contains("'order:" + KEY + "'");
        });
    }

    /** A method whose lock somebody else has. */
    private static LockNotAcquiredException refusal(ProxyKind kind, ApplicationContext context) throws Exception {
        LockOptions order = LockOptions.named("order").key(KEY);
        try (LockLease held = context.getBean(LockOperations.class)
                .acquireAsync(order)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)) {
            Work work = kind.bean(context, Work.class, "work");
            LockNotAcquiredException refusal =
                    catchThrowableOfType(LockNotAcquiredException.class, () -> work.run(KEY, () -> {}));
            assertThat(held.isHeld()).isTrue();
            return refusal;
        }
    }

    private static Throwable releasedTwice(ApplicationContext context) {
        LockLease lease = context.getBean(LockOperations.class)
                .acquire(LockOptions.named("order").key(KEY));
        lease.close();
        return catchThrowable(() -> lease.release().toCompletableFuture().join());
    }

    private String said() {
        return String.join("\n", this.log.said());
    }

    private static ApplicationContextRunner runner() {
        return LockContextRunners.memory()
                .withPropertyValues("distributed-lock.wait-time=0s")
                .withBean("work", Work.class, OrderWork::new);
    }

    static class OrderWork implements Work {

        @Override
        @DistributedLock(name = "order", key = "#key")
        public void run(String key, Runnable body) {
            body.run();
        }
    }
}
