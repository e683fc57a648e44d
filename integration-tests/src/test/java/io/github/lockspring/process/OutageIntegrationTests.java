package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("outer-lines")
class OutageIntegrationTests {

    private static final LockOptions LOCK = LockOptions.named("outage");

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration LONG_WAIT = COMMAND_TIMEOUT.plusSeconds(1);

    @ParameterizedTest
    @EnumSource
    void startsWithoutRedisAndLocksOnceItIsThere(Driver driver) {
        try (RedisProcess redis = RedisProcess.down();
                LockClient client = LockClient.connect(
                        driver, redis.host(), redis.port(), TestRedis.newPrefix(), COMMAND_TIMEOUT)) {
            failsInTime(client, LOCK.waitTime(Duration.ZERO), COMMAND_TIMEOUT);
            failsInTime(client, LOCK.waitTime(LONG_WAIT), LONG_WAIT);
            redis.start();
            locksAgain(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void locksAgainAfterRedisWasGone(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                LockClient client = LockClient.connect(
                        driver, redis.host(), redis.port(), TestRedis.newPrefix(), COMMAND_TIMEOUT)) {
            locksAgain(client);
            redis.kill();
            failsInTime(client, LOCK.waitTime(Duration.ZERO), COMMAND_TIMEOUT);
            redis.start();
            locksAgain(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failsInTimeWhenNothingIsAnswered(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                LockClient client = LockClient.connect(
                        driver, redis.host(), redis.port(), TestRedis.newPrefix(), COMMAND_TIMEOUT)) {
            locksAgain(client);

            redis.pause();
            failsInTime(client, LOCK.waitTime(Duration.ZERO), COMMAND_TIMEOUT);
            failsInTime(client, LOCK.waitTime(LONG_WAIT), LONG_WAIT);
            redis.resume();

            locksAgain(client);
        }
    }

    /** What was executed without an answer is given back: otherwise the lock would be taken for a whole lease. */
    @ParameterizedTest
    @EnumSource
    void givesBackWhatItGotWithoutHearingOfIt(Driver driver) {
        String prefix = TestRedis.newPrefix();
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
                LockClient cutOff = LockClient.connect(driver, proxy.host(), proxy.port(), prefix, COMMAND_TIMEOUT);
                LockClient other = LockClient.connect(driver, redis.host(), redis.port(), prefix)
                        .awaitReady()) {
            String lockKey = RedisState.lockKey(prefix, "outage");
            locksAgain(cutOff);
            Awaitility.await().until(() -> inside.number("EXISTS", lockKey) == 0);

            proxy.dropReplies();
            CompletableFuture<LockLease> acquisition = cutOff.locks()
                    .acquireAsync(LOCK.waitTime(Duration.ZERO).leaseTime(Duration.ofHours(1)))
                    .toCompletableFuture();
            Awaitility.await().until(() -> inside.number("EXISTS", lockKey) == 1);
            assertThat(acquisition)
                    .failsWithin(COMMAND_TIMEOUT.multipliedBy(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LockStoreException.class);
            proxy.heal();

            locksAgain(other);
        }
    }

    /** An answer that comes when the lease is over proves nothing any more, and no caller may rely on it. */
    @Test
    void beginsNoHoldWithALeaseThatIsOverAlready() {
        String prefix = TestRedis.newPrefix();
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
                LockClient late =
                        LockClient.connect(Driver.LETTUCE, proxy.host(), proxy.port(), prefix, COMMAND_TIMEOUT)) {
            String lockKey = RedisState.lockKey(prefix, "outage");
            locksAgain(late);
            Awaitility.await().until(() -> inside.number("EXISTS", lockKey) == 0);

            proxy.holdReplies();
            CompletableFuture<LockLease> acquisition = late.locks()
                    .acquireAsync(LOCK.waitTime(Duration.ofMinutes(1)).leaseTime(Duration.ofSeconds(1)))
                    .toCompletableFuture();
            Awaitility.await().until(() -> inside.number("EXISTS", lockKey) == 1);
            Awaitility.await().until(() -> inside.number("EXISTS", lockKey) == 0);
            proxy.heal();

            assertThat(acquisition).succeedsWithin(1, TimeUnit.MINUTES).satisfies(lease -> {
                assertThat(lease.isHeld()).isTrue();
                assertThat(inside.number("EXISTS", lockKey)).isOne();
                lease.close();
            });
        }
    }

    private static void failsInTime(LockClient client, LockOptions options, Duration limit) {
        long start = System.nanoTime();
        assertThatExceptionOfType(LockStoreException.class)
                .isThrownBy(() -> client.locks().acquire(options))
                .withMessageContaining("outage");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("time until the failure")
                .isLessThan(limit.multipliedBy(10));
    }

    private static void locksAgain(LockClient client) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(LockStoreException.class)
                .until(() -> {
                    try (LockLease lease = client.locks().tryAcquire(LOCK).orElse(null)) {
                        return lease != null && lease.isHeld();
                    }
                });
    }
}
