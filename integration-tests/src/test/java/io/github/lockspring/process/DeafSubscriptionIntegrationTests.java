package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LogCapture;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two processes hand a lock to each other, and the subscription of one of them dies without a word. */
@Tag("outer-lines")
class DeafSubscriptionIntegrationTests {

    private static final String PREFIX = "lock:";

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final LockOptions LOCK = LockOptions.named("deaf").waitTime(Duration.ofMinutes(1));

    private static final int MANY = 200;

    /** A process that hears nothing polls four times a second: that many hand-overs would take minutes. */
    private static final Duration BY_MESSAGE = Duration.ofSeconds(10);

    private final LogCapture log = LogCapture.info(RedisLockStore.class);

    /** Who had the lock, in turn. */
    private final List<LockClient> turns = new CopyOnWriteArrayList<>();

    private volatile boolean over;

    @AfterEach
    void readNoMore() {
        this.log.close();
    }

    @ParameterizedTest
    @EnumSource
    void isNoticedSaidOnceAndReplaced(Driver driver) throws InterruptedException {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client();
                FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
                LockClient deaf = LockClient.connect(driver, proxy.host(), proxy.port(), PREFIX, COMMAND_TIMEOUT);
                LockClient other = LockClient.connect(driver, redis.host(), redis.port(), PREFIX, COMMAND_TIMEOUT)) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> inside.texts("PUBSUB", "CHANNELS").size() == 2);
            List<Thread> threads = List.of(contend(deaf), contend(other));
            awaitHandOvers(PATIENCE);

            proxy.silenceSubscribers();

            Awaitility.await().atMost(PATIENCE).until(() -> !said(Level.INFO).isEmpty());
            assertThat(said(Level.WARN)).singleElement().asString().contains("no messages arrive through it");
            assertThat(said(Level.INFO)).singleElement().asString().startsWith("Subscribed to channel");
            awaitHandOvers(BY_MESSAGE);
            this.over = true;
            for (Thread thread : threads) {
                thread.join();
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> new RedisState(inside, PREFIX).lockKeys().isEmpty());
        }
    }

    private Thread contend(LockClient client) {
        Thread thread = new Thread(() -> {
            while (!this.over) {
                try (LockLease lease = client.locks().acquire(LOCK)) {
                    assertThat(lease.isHeld()).isTrue();
                    this.turns.add(client);
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                }
            }
        });
        thread.start();
        return thread;
    }

    private void awaitHandOvers(Duration limit) {
        this.turns.clear();
        Awaitility.await()
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> handOvers(new ArrayList<>(this.turns)) >= MANY);
    }

    private static int handOvers(List<LockClient> turns) {
        int handOvers = 0;
        for (int i = 1; i < turns.size(); i++) {
            handOvers += turns.get(i) != turns.get(i - 1) ? 1 : 0;
        }
        return handOvers;
    }

    /** Of subscriptions: a first connection may be slow, which is said as well, and so is what the servers are. */
    private List<String> said(Level level) {
        return this.log.said(level).stream()
                .filter(said -> said.contains("to channel "))
                .toList();
    }
}
