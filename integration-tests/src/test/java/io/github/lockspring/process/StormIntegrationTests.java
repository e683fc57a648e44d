package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redis is away for some seconds while callers go on calling: they cost nothing, and all is well soon afterwards. */
@Tag("default-line")
class StormIntegrationTests {

    private static final String PREFIX = "lock:";

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration OUTAGE = COMMAND_TIMEOUT.multipliedBy(6);

    private static final int CALLS_PER_SECOND = 100;

    /** Calls of one command time-out, twice over: nobody knows earlier that the server is silent. */
    private static final int UNTIL_KNOWN = 2 * CALLS_PER_SECOND;

    private static final int WAITING = 5;

    /** Ten times what it takes. */
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Longer than any test: nothing is cured by its end. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private static final LockOptions WANTED =
            LockOptions.named("wanted").leaseTime(LEASE).waitTime(Duration.ofMinutes(1));

    private final AtomicInteger holders = new AtomicInteger();

    private final ConcurrentLinkedQueue<Long> tokens = new ConcurrentLinkedQueue<>();

    private final AtomicInteger unanswered = new AtomicInteger();

    private final AtomicInteger refusedAtOnce = new AtomicInteger();

    private final AtomicLong mostUnanswered = new AtomicLong();

    @ParameterizedTest
    @CsvSource({"LETTUCE, true", "LETTUCE, false", "JEDIS, true", "JEDIS, false"})
    void whileRedisIsAwayIsNoStormAfterwards(Driver driver, boolean hangs) {
        try (RedisProcess redis = RedisProcess.started();
                LockClient client = connect(driver, redis);
                LockClient other = connect(driver, redis)) {
            long before = scripts(redis);
            if (hangs) {
                redis.pause();
            } else {
                redis.kill();
                before = 0;
            }
            CompletableFuture<LockLease> impatient = client.locks()
                    .acquireAsync(LockOptions.named("other").waitTime(OUTAGE.dividedBy(2)))
                    .toCompletableFuture();
            List<CompletableFuture<LockLease>> waiting = new ArrayList<>();
            for (int i = 0; i < WAITING; i++) {
                waiting.add(useOnce(client));
                waiting.add(useOnce(other));
            }
            int calls = callInVain(client);

            assertThat(impatient)
                    .failsWithin(SOON)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LockStoreException.class)
                    .withMessageContaining("other");
            assertThat(waiting).as("callers that have time").noneMatch(CompletableFuture::isDone);
            assertThat(this.refusedAtOnce.get())
                    .as("calls that were refused at once, of %s", calls)
                    .isGreaterThan(calls / 2);
            assertThat(this.mostUnanswered.get()).as("calls under way at once").isLessThan(2 * UNTIL_KNOWN);
            if (hangs) {
                redis.resume();
            } else {
                redis.start();
            }

            Awaitility.await()
                    .atMost(SOON)
                    .ignoreExceptionsInstanceOf(LockStoreException.class)
                    .untilAsserted(() -> client.locks()
                            .acquire(LockOptions.named("first").waitTime(Duration.ZERO))
                            .close());
            assertThat(waiting).allSatisfy(lease -> assertThat(lease).succeedsWithin(SOON));
            assertThat(List.copyOf(this.tokens))
                    .as("tokens in the order of entry")
                    .hasSize(2 * WAITING)
                    .doesNotHaveDuplicates()
                    .isSorted();
            assertThat(this.unanswered).hasValue(0);
            try (RespClient inside = redis.client()) {
                awaitQuiet(inside);
                assertThat(new RedisState(inside, PREFIX).lockKeys()).isEmpty();
                assertThat(RedisState.scripts(inside) - before)
                        .as("scripts because of %s calls", calls)
                        .isLessThan(calls);
            }
        }
    }

    private static LockClient connect(Driver driver, RedisProcess redis) {
        return LockClient.connect(driver, redis.host(), redis.port(), PREFIX, COMMAND_TIMEOUT)
                .awaitReady();
    }

    /** Waits for the lock that all want, and has it for a moment. */
    private CompletableFuture<LockLease> useOnce(LockClient client) {
        return client.locks().acquireAsync(WANTED).toCompletableFuture().whenComplete((lease, failure) -> {
            if (lease != null) {
                assertThat(this.holders.incrementAndGet()).as("holders").isOne();
                assertThat(lease.isHeld()).isTrue();
                this.tokens.add(lease.fencingToken());
                this.holders.decrementAndGet();
                lease.close();
            }
        });
    }

    /** Asks for locks of their own at a bounded rate, without time to wait; returns how often. */
    private int callInVain(LockClient client) {
        long begin = System.nanoTime();
        int calls = 0;
        for (; System.nanoTime() - begin < OUTAGE.toNanos(); calls++) {
            long asked = System.nanoTime();
            this.mostUnanswered.accumulateAndGet(this.unanswered.incrementAndGet(), Math::max);
            client.locks()
                    .acquireAsync(LockOptions.named("vain")
                            .key(calls)
                            .leaseTime(LEASE)
                            .waitTime(Duration.ZERO))
                    .whenComplete((lease, failure) -> {
                        if (failure != null && System.nanoTime() - asked < COMMAND_TIMEOUT.toNanos() / 2) {
                            this.refusedAtOnce.incrementAndGet();
                        }
                        if (lease != null) {
                            lease.close();
                        }
                        this.unanswered.decrementAndGet();
                    });
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / CALLS_PER_SECOND);
        }
        return calls;
    }

    /** What may arrive late is withdrawn once more after a command time-out. */
    private static void awaitQuiet(RespClient inside) {
        long[] last = {-1, 0};
        Awaitility.await().atMost(SOON.multipliedBy(3)).until(() -> {
            long scripts = RedisState.scripts(inside);
            if (scripts != last[0]) {
                last[0] = scripts;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > 2 * COMMAND_TIMEOUT.toNanos();
        });
    }

    private static long scripts(RedisProcess redis) {
        try (RespClient inside = redis.client()) {
            return RedisState.scripts(inside);
        }
    }
}
