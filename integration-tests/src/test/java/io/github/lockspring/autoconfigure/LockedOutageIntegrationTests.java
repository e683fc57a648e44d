package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.testredis.RedisProcess;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Annotated methods while Redis is not there, or was not. */
class LockedOutageIntegrationTests {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource
    void applicationStartsWithoutRedisAndLocksOnceItIsThere(ProxyKind kind) {
        try (RedisProcess redis = RedisProcess.down()) {
            kind.in(runner(redis)).run(context -> {
                Application application = new Application(kind, context);
                assertThat(context).hasNotFailed();
                failsInTime(application);

                redis.start();

                locksAgain(application);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void locksAgainAfterRedisWasGone(ProxyKind kind) {
        try (RedisProcess redis = RedisProcess.started()) {
            kind.in(runner(redis)).run(context -> {
                Application application = new Application(kind, context);
                application.work("order").run("1", () -> {});

                redis.kill();
                failsInTime(application);
                redis.start();

                locksAgain(application);
            });
        }
    }

    private static ApplicationContextRunner runner(RedisProcess redis) {
        return LockContextRunners.sharedRedis()
                .withPropertyValues(
                        "spring.data.redis.host=" + redis.host(),
                        "spring.data.redis.port=" + redis.port(),
                        "distributed-lock.wait-time=0s",
                        "distributed-lock.redis.command-timeout=" + COMMAND_TIMEOUT.toMillis() + "ms")
                .withBean("order", Work.class, OrderWork::new);
    }

    private static void failsInTime(Application application) {
        AtomicInteger bodies = new AtomicInteger();
        long start = System.nanoTime();
        assertThatExceptionOfType(LockStoreException.class)
                .isThrownBy(() -> application.work("order").run("1", bodies::incrementAndGet));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(COMMAND_TIMEOUT.multipliedBy(10));
        assertThat(bodies).hasValue(0);
    }

    private static void locksAgain(Application application) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(LockStoreException.class)
                .untilAsserted(() -> application
                        .work("order")
                        .run("1", () -> assertThat(LockContext.current()).isPresent()));
    }

    static class OrderWork implements Work {

        @Override
        @DistributedLock(name = "order", key = "#key")
        public void run(String key, Runnable body) {
            body.run();
        }
    }
}
