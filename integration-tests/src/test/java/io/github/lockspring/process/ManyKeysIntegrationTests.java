package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.process.WorkerProcess.Usage;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Tag("default-line")
class ManyKeysIntegrationTests {

    private static final Logger logger = LoggerFactory.getLogger(ManyKeysIntegrationTests.class);

    private static final int WARM_UP = 2_000;

    private static final int KEYS = 10_000;

    /** A single object that is left per key takes more. */
    private static final long BYTES_PER_KEY = 100;

    private final TestRedis redis = TestRedis.shared();

    @ParameterizedTest
    @EnumSource
    void leaveNeitherHeapNorThreadsBehind(Wiring wiring) {
        try (WorkerProcess process =
                WorkerProcess.start(wiring, this.redis.host(), this.redis.port(), TestRedis.newPrefix())) {
            process.awaitReady().useKeys(WARM_UP);
            Usage before = process.usage();

            process.useKeys(KEYS);

            // Timers of commands that were answered may outlive them by a command time-out.
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                Usage after = process.usage();
                logger.info("{}: {}, then {}", wiring, before, after);
                assertThat(after.heapBytes() - before.heapBytes())
                        .as("heap that grew")
                        .isLessThan(KEYS * BYTES_PER_KEY);
                assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 2);
            });
        }
    }
}
