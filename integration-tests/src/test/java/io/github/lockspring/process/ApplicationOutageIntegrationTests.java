package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

class ApplicationOutageIntegrationTests {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    @ParameterizedTest
    @CsvSource({"CGLIB, LETTUCE", "JDK, LETTUCE", "CGLIB, JEDIS"})
    void startsWithoutRedisAndRunsAnnotatedMethodsOnceItIsThere(WorkApplication.Proxy proxy, Driver driver) {
        try (RedisProcess redis = RedisProcess.down();
                ConfigurableApplicationContext application = WorkApplication.run(
                        proxy, driver, redis.host(), redis.port(), TestRedis.newPrefix(), Duration.ofSeconds(30))) {
            ExclusiveWork work = application.getBean(ExclusiveWork.class);
            AtomicInteger runs = new AtomicInteger();

            long start = System.nanoTime();
            assertThatExceptionOfType(LockStoreException.class)
                    .isThrownBy(() -> work.attempt("key", runs::incrementAndGet))
                    .withMessageContaining("work:key");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(COMMAND_TIMEOUT.multipliedBy(10));
            assertThat(runs).as("runs without the lock").hasValue(0);

            redis.start();

            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptionsInstanceOf(LockStoreException.class)
                    .untilAsserted(() -> work.await("key", () -> {
                        assertThat(LockContext.current()).isPresent();
                        runs.incrementAndGet();
                    }));
            assertThat(runs).hasValue(1);
        }
    }
}
