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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** A process that no message reaches, among others that listen and never let the lock rest. */
class PollingProcessIntegrationTests {

    private static final int TURNS = 5;

    /** Two or three stand before it; others come by until its request is in the queue. */
    private static final int MOST_TENURES = 100;

    private static final int HOLDS_OF_A_TENURE = 2048;

    private static final LockOptions LOCK = LockOptions.named("busy");

    /** What keeps messages from a process. */
    enum Obstacle {
        SETTING,
        PERMISSION
    }

    private final String prefix = TestRedis.newPrefix();

    private final RedisProcess redis = RedisProcess.started();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** The numbers of all tenures of those who listen. */
    private final Set<Long> tenures = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;

    @AfterEach
    void close() {
        this.ended = true;
        this.threads.shutdownNow();
        this.redis.close();
    }

    @ParameterizedTest
    @EnumSource
    void getsItsTurn(Obstacle obstacle) {
        try (LockClient one = listening();
                LockClient two = listening();
                LockClient poller = polling(obstacle)) {
            List<CompletableFuture<Void>> load = new ArrayList<>();
            for (LockClient client : List.of(one, two, one, two)) {
                load.add(CompletableFuture.runAsync(() -> work(client), this.threads));
            }

            for (int i = 0; i < TURNS; i++) {
                int before = this.tenures.size();
                CompletableFuture<LockLease> turn =
                        poller.locks().acquireAsync(LOCK).toCompletableFuture();
                assertThat(turn).succeedsWithin(20, TimeUnit.SECONDS);
                assertThat(this.tenures.size() - before)
                        .as("tenures of others before turn %s", i)
                        .isLessThanOrEqualTo(MOST_TENURES);
                turn.join().close();
            }

            assertThat(load).noneMatch(CompletableFuture::isDone);
            this.ended = true;
            load.forEach(worker -> assertThat(worker).succeedsWithin(20, TimeUnit.SECONDS));
        }
    }

    private void work(LockClient client) {
        while (!this.ended) {
            try (LockLease lease = client.locks().acquire(LOCK)) {
                this.tenures.add(lease.fencingToken() / HOLDS_OF_A_TENURE);
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
    }

    private LockClient listening() {
        return LockClient.connect(Driver.LETTUCE, this.redis.host(), this.redis.port(), this.prefix)
                .awaitReady();
    }

    private LockClient polling(Obstacle obstacle) {
        RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(this.redis.host(), this.redis.port());
        if (obstacle == Obstacle.PERMISSION) {
            try (RespClient inside = this.redis.client()) {
                inside.command("ACL", "SETUSER", "mute", "reset", "on", ">secret", "~*", "+@all", "-subscribe");
            }
            server.setUsername("mute");
            server.setPassword("secret");
        }
        return LockClient.connect(
                        Driver.LETTUCE, Driver.LETTUCE.connectTo(server), this.prefix, obstacle == Obstacle.PERMISSION)
                .awaitReady();
    }
}
