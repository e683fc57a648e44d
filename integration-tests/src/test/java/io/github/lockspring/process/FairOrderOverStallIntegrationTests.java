package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Redis stands still for longer than three poll intervals and a command time-out: nobody loses a place. */
@Tag("default-line")
class FairOrderOverStallIntegrationTests {

    private static final String PREFIX = "lock:";

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration STALL = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Whose command is executed first afterwards is a matter of luck: each has clients of its own. */
    private static final int LOCKS = 5;

    private static final int CALLERS = 3;

    private final List<LockClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        this.clients.forEach(LockClient::close);
    }

    @ParameterizedTest
    @EnumSource
    void callersOfSeveralProcessesAreServedInTheOrderInWhichTheyCame(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                LockClient holder = connect(driver, redis)) {
            List<LockLease> held = new ArrayList<>();
            List<List<Integer>> served = new ArrayList<>();
            List<CompletableFuture<LockLease>> waiting = new ArrayList<>();
            for (int i = 0; i < LOCKS; i++) {
                held.add(holder.locks().acquire(lock(i)));
                served.add(new CopyOnWriteArrayList<>());
            }
            for (int caller = 0; caller < CALLERS; caller++) {
                for (int i = 0; i < LOCKS; i++) {
                    waiting.add(useOnce(client(driver, redis), i, caller, served.get(i)));
                }
                awaitQueued(inside, caller + 1);
            }

            redis.pause();
            for (int i = 0; i < LOCKS / 2; i++) {
                held.get(i).close();
            }
            Awaitility.await().pollDelay(STALL).until(() -> true);
            redis.resume();
            for (int i = LOCKS / 2; i < LOCKS; i++) {
                held.get(i).close();
            }

            assertThat(waiting).allSatisfy(lease -> assertThat(lease).succeedsWithin(PATIENCE));
            assertThat(served).allSatisfy(order -> assertThat(order).containsExactly(0, 1, 2));
        }
    }

    private LockClient client(Driver driver, RedisProcess redis) {
        LockClient client = connect(driver, redis);
        this.clients.add(client);
        return client;
    }

    private static LockClient connect(Driver driver, RedisProcess redis) {
        return LockClient.connect(driver, redis.host(), redis.port(), PREFIX, COMMAND_TIMEOUT)
                .awaitReady();
    }

    private static LockOptions lock(int i) {
        return LockOptions.named("fair").key(i).fair(true).waitTime(Duration.ofMinutes(1));
    }

    private static CompletableFuture<LockLease> useOnce(LockClient client, int i, int caller, List<Integer> served) {
        return client.locks().acquireAsync(lock(i)).toCompletableFuture().whenComplete((lease, failure) -> {
            if (lease != null) {
                served.add(caller);
                lease.close();
            }
        });
    }

    private static void awaitQueued(RespClient inside, int owners) {
        for (int i = 0; i < LOCKS; i++) {
            String queue = RedisState.lockKey(PREFIX, "fair:" + i) + ":queue";
            Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> inside.number("ZCARD", queue) == owners);
        }
    }
}
