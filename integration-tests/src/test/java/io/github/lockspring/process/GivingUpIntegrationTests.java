package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("default-line")
class GivingUpIntegrationTests {

    /** A trace would be there for five times as long. */
    private static final Duration POLL_INTERVAL = Duration.ofMinutes(1);

    private static final Duration LEASE = Duration.ofMinutes(5);

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private final RespClient inside = this.redis.client();

    private final RedisState state = new RedisState(this.inside, this.prefix);

    private final LockOptions lock = LockOptions.named("giving-up").leaseTime(LEASE);

    @AfterEach
    void disconnect() {
        this.inside.close();
    }

    @ParameterizedTest
    @EnumSource
    void atTheEndOfTheWaitTimeLeavesNoTrace(Driver driver) {
        leavesNoTrace(driver, waiter -> {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            start(waiter, Duration.ofSeconds(2), end);
            Awaitility.await().until(() -> isQueued() || end.isDone());
            assertThat(end).succeedsWithin(1, TimeUnit.MINUTES).isInstanceOf(LockNotAcquiredException.class);
        });
    }

    @ParameterizedTest
    @EnumSource
    void onAnInterruptLeavesNoTrace(Driver driver) {
        leavesNoTrace(driver, waiter -> {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread thread = start(waiter, LockDurations.FOREVER, end);
            Awaitility.await().until(this::isQueued);
            thread.interrupt();
            assertThat(end).succeedsWithin(1, TimeUnit.MINUTES).isInstanceOf(LockInterruptedException.class);
        });
    }

    @ParameterizedTest
    @EnumSource
    void byCancellationLeavesNoTrace(Driver driver) {
        leavesNoTrace(driver, waiter -> {
            CompletableFuture<LockLease> asked =
                    waiter.locks().acquireAsync(this.lock.waitForever()).toCompletableFuture();
            Awaitility.await().until(this::isQueued);
            assertThat(asked.cancel(false)).isTrue();
        });
    }

    /** Has a thread wait for the lock that somebody else has. */
    private Thread start(LockClient waiter, Duration waitTime, CompletableFuture<Throwable> end) {
        Thread thread = new Thread(() -> {
            try (LockLease lease = waiter.locks().acquire(this.lock.waitTime(waitTime))) {
                end.completeExceptionally(new AssertionError("Unexpected " + lease));
            } catch (RuntimeException ex) {
                end.complete(ex);
            }
        });
        thread.start();
        return thread;
    }

    /** Whether somebody stands in the queue who would be found there for long. */
    private boolean isQueued() {
        Set<String> keys = this.state.lockKeys();
        return keys.size() > 1
                && keys.stream()
                        .allMatch(key -> this.inside.number("PTTL", key)
                                > POLL_INTERVAL.multipliedBy(2).toMillis());
    }

    private void leavesNoTrace(Driver driver, GivingUp givingUp) {
        try (LockClient holder = connect(driver);
                LockClient waiter = connect(driver)) {
            LockLease held = holder.locks().acquire(this.lock);
            String lockKey = RedisState.lockKey(this.prefix, held.fullName());
            String before = this.inside.text("GET", lockKey);

            givingUp.by(waiter);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(this.state.lockKeys()).containsExactly(lockKey));
            assertThat(this.inside.text("GET", lockKey)).isEqualTo(before);
            assertThat(held.isHeld()).isTrue();
            held.close();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(this.state.lockKeys()).isEmpty());
        }
    }

    private LockClient connect(Driver driver) {
        return LockClient.pollingEvery(POLL_INTERVAL, driver, this.redis.host(), this.redis.port(), this.prefix)
                .awaitReady();
    }

    /** How a caller stops waiting. */
    @FunctionalInterface
    private interface GivingUp {

        void by(LockClient waiter);
    }
}
