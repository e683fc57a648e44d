package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CountingIntegrationTests {

    private static final int INCREMENTS = 1_000;

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private final String data = "data-" + this.prefix;

    @ParameterizedTest
    @EnumSource
    void losesNoIncrementOfTwoProcessesAndLeavesNothingButCounters(Wiring wiring) {
        try (WorkerProcess first = start(wiring);
                WorkerProcess second = start(wiring);
                RespClient client = this.redis.client()) {
            first.awaitReady();
            second.awaitReady();
            first.count(this.data, "counter", INCREMENTS);
            second.count(this.data, "counter", INCREMENTS);
            first.awaitDone();
            second.awaitDone();

            List<Long> tokens = client.texts("LRANGE", this.data + CountingThread.TOKENS, "0", "-1").stream()
                    .map(Long::valueOf)
                    .toList();
            assertThat(client.text("GET", this.data + CountingThread.COUNTER))
                    .isEqualTo(Integer.toString(2 * INCREMENTS));
            assertThat(tokens).hasSize(2 * INCREMENTS).isSorted().doesNotHaveDuplicates();
            assertThat(tokens.get(0)).isPositive();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(new RedisState(client, this.prefix).lockKeys())
                            .isEmpty());
            client.command("DEL", this.data + CountingThread.COUNTER, this.data + CountingThread.TOKENS);
        }
    }

    private WorkerProcess start(Wiring wiring) {
        return WorkerProcess.start(wiring, this.redis.host(), this.redis.port(), this.prefix);
    }
}
