package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What of the network's time a lock costs that goes from one to the next. */
class NetworkLatencyIntegrationTests {

    private static final LockOptions LOCK = LockOptions.named("far");

    private static final Duration ONE_WAY = Duration.ofMillis(10);

    private final TestRedis redis = TestRedis.shared();

    private final RespClient inside = this.redis.client();

    private final FaultProxy toGiver = FaultProxy.to(this.redis.host(), this.redis.port());

    private final FaultProxy toReceiver = FaultProxy.to(this.redis.host(), this.redis.port());

    private final String prefix = TestRedis.newPrefix();

    @AfterEach
    void close() {
        this.inside.close();
        this.toGiver.close();
        this.toReceiver.close();
    }

    /** Nothing that the receiver sends arrives, and no answer to the giver: the hand-over needs neither. */
    @ParameterizedTest
    @EnumSource
    void aHandOverNeedsTheReleaseOneWayAndTheGrantTheOther(Driver driver) {
        try (LockClient giver = LockClient.granting(
                                Duration.ofMinutes(1), driver, this.toGiver.host(), this.toGiver.port(), this.prefix)
                        .awaitReady();
                LockClient receiver = connect(driver, this.toReceiver)) {
            // a server that does not know a script yet says so in an answer
            giver.locks().acquire(LOCK).close();
            LockLease held = giver.locks().acquire(LOCK);
            CompletableFuture<LockLease> waiting = ask(receiver);
            awaitListener();

            this.toReceiver.holdRequests();
            this.toGiver.holdReplies();
            held.close();

            assertThat(waiting).succeedsWithin(1, TimeUnit.MINUTES);
            assertThat(waiting.join().isHeld()).isTrue();
            this.toReceiver.heal();
            this.toGiver.heal();
            waiting.join().close();
        }
    }

    @Test
    void aHandOverTakesTheTimeOfOneRoundTrip() {
        try (LockClient one = connect(Driver.LETTUCE, this.toGiver);
                LockClient two = connect(Driver.LETTUCE, this.toReceiver)) {
            this.toGiver.delay(ONE_WAY);
            this.toReceiver.delay(ONE_WAY);
            List<Duration> times = new ArrayList<>();
            LockClient next = two;
            LockLease held = one.locks().acquire(LOCK);
            for (int i = 0; i < 11; i++) {
                CompletableFuture<LockLease> waiting = ask(next);
                awaitListener();
                long start = System.nanoTime();
                CompletableFuture<Duration> time =
                        waiting.thenApply(lease -> Duration.ofNanos(System.nanoTime() - start));
                held.close();
                assertThat(time).succeedsWithin(1, TimeUnit.MINUTES);
                times.add(time.join());
                held = waiting.join();
                next = next == two ? one : two;
            }
            held.close();

            Collections.sort(times);
            assertThat(times.get(0)).as("the network is slow").isGreaterThanOrEqualTo(ONE_WAY.multipliedBy(2));
            assertThat(times.get(5)).as("median of %s", times).isLessThan(ONE_WAY.multipliedBy(2 * 10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandOffNeedsNoNetwork(Driver driver) {
        try (LockClient client = LockClient.handingOverAfter(
                        Duration.ofMinutes(10), driver, this.toGiver.host(), this.toGiver.port(), this.prefix)
                .awaitReady()) {
            LockLease held = client.locks().acquire(LOCK);
            CompletableFuture<LockLease> waiting = ask(client);

            this.toGiver.holdRequests();
            held.close();

            assertThat(waiting).succeedsWithin(1, TimeUnit.MINUTES);
            assertThat(waiting.join().isHeld()).isTrue();
            this.toGiver.heal();
            waiting.join().close();
        }
    }

    /** The round trip that extends a granted lease takes longer than a turn, of which it is no part. */
    @Test
    void callersThatWaitTogetherFollowEachOtherAfterAGrantAlthoughTheNetworkIsSlow() {
        Duration turn = Duration.ofMillis(300);
        try (LockClient giver = connect(Driver.LETTUCE, this.toGiver);
                LockClient receiver = LockClient.handingOverAfter(
                                turn, Driver.LETTUCE, this.toReceiver.host(), this.toReceiver.port(), this.prefix)
                        .awaitReady()) {
            LockLease held = giver.locks().acquire(LOCK);
            List<CompletableFuture<Long>> tokens = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tokens.add(ask(receiver).thenApply(lease -> {
                    lease.close();
                    return lease.fencingToken();
                }));
            }
            awaitListener();
            this.toReceiver.delay(turn);

            held.close();
            CompletableFuture<LockLease> again = ask(giver);

            assertThat(again).succeedsWithin(1, TimeUnit.MINUTES);
            long first = tokens.get(0).join();
            assertThat(tokens)
                    .extracting(token -> token.getNow(-1L))
                    .as("tokens of one tenure, which began with %s", first)
                    .containsExactly(first, first + 1, first + 2, first + 3);
            assertThat(again.join().fencingToken()).isGreaterThan(first + 3);
            again.join().close();
        }
    }

    private LockClient connect(Driver driver, FaultProxy proxy) {
        return LockClient.connect(driver, proxy.host(), proxy.port(), this.prefix)
                .awaitReady();
    }

    private static CompletableFuture<LockLease> ask(LockClient client) {
        return client.locks().acquireAsync(LOCK).toCompletableFuture();
    }

    /** Waits until somebody stands in the queue whom messages reach. */
    private void awaitListener() {
        String queue = RedisState.lockKey(this.prefix, LOCK.lockName().fullName());
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        this.inside.texts("HVALS", queue + ":seen").stream().anyMatch(entry -> entry.contains(":L:")));
    }
}
