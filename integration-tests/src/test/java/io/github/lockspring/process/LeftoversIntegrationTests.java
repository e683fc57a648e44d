package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("default-line")
class LeftoversIntegrationTests {

    private static final String PREFIX = "lock:";

    @ParameterizedTest
    @EnumSource
    void areNothingButFencingCounters(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                LockClient first = LockClient.connect(driver, redis.host(), redis.port(), PREFIX)
                        .awaitReady();
                LockClient second = LockClient.connect(driver, redis.host(), redis.port(), PREFIX)
                        .awaitReady()) {
            List<CompletableFuture<LockLease>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                LockOptions lock = LockOptions.named("leftovers").key(i);
                LockLease held = first.locks().acquire(lock.leaseTime(Duration.ofSeconds(10)));
                waiting.add(second.locks()
                        .acquireAsync(lock.waitTime(Duration.ofMinutes(1)))
                        .toCompletableFuture());
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(() -> second.locks()
                                .acquire(lock.waitTime(Duration.ofMillis(1)).fair(true)));
                held.close();
            }
            waiting.forEach(lease ->
                    assertThat(lease).succeedsWithin(1, TimeUnit.MINUTES).satisfies(LockLease::close));

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(new RedisState(inside, PREFIX).lockKeys())
                            .isEmpty());
            assertThat(inside.keys("*"))
                    .isNotEmpty()
                    .allSatisfy(key -> assertThat(key).startsWith(PREFIX + "fence:"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAHolderAndAWaiterThatVanishedExpire(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                WorkerProcess holder = start(driver, redis);
                WorkerProcess waiter = start(driver, redis)) {
            RedisState state = new RedisState(inside, PREFIX);
            holder.awaitReady().await("key");
            holder.awaitHolding();
            waiter.awaitReady().await("key");
            Awaitility.await().until(() -> state.lockKeys().size() > 1);

            waiter.kill();
            holder.kill();

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(state.lockKeys()).isEmpty());
        }
    }

    private static WorkerProcess start(Driver driver, RedisProcess redis) {
        Wiring wiring = driver == Driver.JEDIS ? Wiring.TEMPLATE_OVER_JEDIS : Wiring.TEMPLATE_OVER_LETTUCE;
        return WorkerProcess.start(wiring, redis.host(), redis.port(), PREFIX, Duration.ofSeconds(2));
    }
}
