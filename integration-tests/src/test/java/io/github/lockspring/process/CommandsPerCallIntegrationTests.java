package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a lock costs Redis when several threads of one process want it at once: as much as for one of them. */
class CommandsPerCallIntegrationTests {

    private static final int ROUNDS = 10;

    private static final LockOptions LOCK = LockOptions.named("hot");

    private final String prefix = TestRedis.newPrefix();

    @ParameterizedTest
    @EnumSource
    void fallAsContentionRises(Driver driver) throws InterruptedException {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                LockClient client = LockClient.handingOverAfter(
                                Duration.ofMinutes(10), driver, redis.host(), redis.port(), this.prefix)
                        .awaitReady()) {
            awaitFirstMessage(inside);
            assertThat(commandsPerCall(1, client, inside)).isEqualTo(2);
            assertThat(commandsPerCall(4, client, inside)).isEqualTo(2.0 / 4);
            assertThat(commandsPerCall(16, client, inside)).isEqualTo(2.0 / 16);
        }
    }

    /** The store looks once at what its server is, and then sends itself a message. */
    private static void awaitFirstMessage(RespClient inside) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> inside.text("INFO", "commandstats").contains("cmdstat_publish:"));
    }

    /** Has threads want the lock at once, time and again. */
    private double commandsPerCall(int threads, LockClient client, RespClient inside) throws InterruptedException {
        awaitFree(inside);
        long before = RedisState.scripts(inside);
        for (int i = 0; i < ROUNDS; i++) {
            LockLease first = client.locks().acquire(LOCK);
            List<Thread> others = new ArrayList<>();
            for (int j = 1; j < threads; j++) {
                Thread other = new Thread(() -> client.locks().acquire(LOCK).close());
                other.start();
                others.add(other);
            }
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> others.stream().allMatch(other -> other.getState() == Thread.State.TIMED_WAITING));
            first.close();
            for (Thread other : others) {
                other.join();
            }
            awaitFree(inside);
        }
        return (double) (RedisState.scripts(inside) - before) / (ROUNDS * threads);
    }

    private void awaitFree(RespClient inside) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> new RedisState(inside, this.prefix).lockKeys().isEmpty());
    }
}
