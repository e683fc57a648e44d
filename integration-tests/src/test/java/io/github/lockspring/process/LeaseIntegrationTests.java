package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Tag("default-line")
class LeaseIntegrationTests {

    private static final Logger logger = LoggerFactory.getLogger(LeaseIntegrationTests.class);

    private static final Duration LEASE = Duration.ofSeconds(2);

    private static final String KEY = "key";

    private static final String FULL_NAME = "work:" + KEY;

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private final RespClient client = this.redis.client();

    private final RedisState state = new RedisState(this.client, this.prefix);

    @ParameterizedTest
    @EnumSource
    void isKeptByWorkThatTakesThreeTimesAsLong(Wiring wiring) {
        try (WorkerProcess holder = start(wiring);
                WorkerProcess other = start(wiring)) {
            holder.awaitReady().await(KEY);
            other.awaitReady();
            long token = holder.awaitHolding();
            Duration end = this.state.now().plus(LEASE.multipliedBy(3));

            int attempts = 0;
            do {
                assertThat(other.attemptInVain(KEY)).startsWith("contended");
                attempts++;
            } while (this.state.now().compareTo(end) < 0);

            assertThat(attempts).isGreaterThan(3);
            assertThat(holder.finish()).as("held to the end").isTrue();
            other.await(KEY);
            assertThat(other.awaitHolding()).isGreaterThan(token);
            assertThat(other.finish()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsForTheNextProcessWhenItsHolderIsKilled(Wiring wiring) {
        try (WorkerProcess holder = start(wiring);
                WorkerProcess waiter = start(wiring)) {
            holder.awaitReady().await(KEY);
            long token = holder.awaitHolding();
            waiter.awaitReady().await(KEY);
            Awaitility.await().until(() -> this.state.lockKeys().size() > 1);

            holder.kill();
            Duration killed = this.state.now();
            assertThat(this.state.leaseLeft(FULL_NAME)).as("left of the lease").isLessThanOrEqualTo(LEASE);

            assertThat(waiter.awaitHolding()).isGreaterThan(token);
            Duration taken = this.state.now().minus(killed);
            logger.info("{}: next process holds {} ms after kill -9, lease {}", wiring, taken.toMillis(), LEASE);
            assertThat(taken).isLessThan(LEASE.plusSeconds(1).multipliedBy(10));
            assertThat(waiter.finish()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isLostByAProcessThatStandsStillForLonger(Wiring wiring) {
        try (WorkerProcess holder = start(wiring);
                WorkerProcess other = start(wiring)) {
            holder.awaitReady().await(KEY);
            long token = holder.awaitHolding();
            other.awaitReady().await(KEY);

            holder.pause();
            assertThat(other.awaitHolding()).isGreaterThan(token);
            holder.resume();

            assertThat(holder.finishLost()).startsWith("lost, failed").contains("LeaseLostException");
            assertThat(other.finish()).as("held to the end").isTrue();
        }
    }

    private WorkerProcess start(Wiring wiring) {
        return WorkerProcess.start(wiring, this.redis.host(), this.redis.port(), this.prefix, LEASE);
    }
}
