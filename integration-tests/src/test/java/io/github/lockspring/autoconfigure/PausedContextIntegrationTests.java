package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ReflectionUtils;

/** Spring Framework 7 pauses the cached contexts of tests, and lets them go on when they are needed again. */
class PausedContextIntegrationTests {

    @BeforeEach
    void contextsCanBePaused() {
        assumeTrue(
                ReflectionUtils.findMethod(ConfigurableApplicationContext.class, "pause") != null,
                "This line of Spring does not pause contexts");
    }

    @Test
    void locksAgainAfterAPause() {
        LockContextRunners.sharedRedis().run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            locks.call("report", () -> null);
            ConfigurableApplicationContext source = context.getSourceApplicationContext();

            ReflectionTestUtils.invokeMethod(source, "pause");
            ReflectionTestUtils.invokeMethod(source, "restart");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(LockStoreException.class)
                    .untilAsserted(() -> assertThat(locks.<String, RuntimeException>call("report", () -> "done"))
                            .isEqualTo("done"));
        });
    }

    @Test
    void reportsTheStoreMissingWhilePaused() {
        LockContextRunners.sharedRedis()
                .withPropertyValues("distributed-lock.redis.command-timeout=500ms")
                .run(context -> {
                    LockOperations locks = context.getBean(LockOperations.class);
                    locks.call("report", () -> null);
                    ReflectionTestUtils.invokeMethod(context.getSourceApplicationContext(), "pause");
                    assertThatCode(() -> locks.call("report", () -> null)).isInstanceOf(LockStoreException.class);
                });
    }
}
