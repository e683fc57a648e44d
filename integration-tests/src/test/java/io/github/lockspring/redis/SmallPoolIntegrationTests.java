package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.lettuce.core.ReadFrom;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Pools with few connections, or with none left. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("outer-lines")
class SmallPoolIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration FOR_EVER = Duration.ofMillis(-1);

    private static final RedisLockStoreSettings SETTINGS = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, COMMAND_TIMEOUT, true);

    private static final int ROUNDS = 20;

    private final RedisProcess redis = RedisProcess.started();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int i = this.open.size() - 1; i >= 0; i--) {
            this.open.get(i).close();
        }
        this.threads.shutdownNow();
        this.redis.close();
    }

    /** Two processes hand a lock to each other, and one holds another for longer than a lease. */
    @ParameterizedTest
    @CsvSource({"LETTUCE,1", "LETTUCE,2", "JEDIS,1", "JEDIS,2"})
    void processesWithASmallPoolShareLocksAndLeaveConnectionsForTheApplication(
            Driver driver, int size, CapturedOutput output) throws Exception {
        List<Future<?>> processes = new ArrayList<>();
        for (int process = 0; process < 2; process++) {
            RedisConnectionFactory factory = pooled(driver, size);
            DefaultLockEngine engine = engine(factory);
            String own = "own-" + process;
            processes.add(this.threads.submit(() -> {
                Duration leaseTime = Duration.ofSeconds(3);
                try (LockLease held = engine.acquire(request(own, PATIENCE, leaseTime))) {
                    for (int i = 0; i < ROUNDS; i++) {
                        engine.acquire(request("common", PATIENCE, leaseTime)).close();
                        ping(factory);
                    }
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .pollDelay(leaseTime.plusMillis(500))
                            .until(() -> true);
                    assertThat(held.isHeld()).isTrue();
                }
                return null;
            }));
        }
        for (Future<?> process : processes) {
            process.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        if (driver == Driver.JEDIS) {
            assertThat(output)
                    .contains("spring.data.redis.jedis.pool.max-active is " + size, "need up to 7 of its connections");
        } else {
            assertThat(output).doesNotContain("WARN");
        }
    }

    /** Those that receive messages have a pool of their own, and the application may want its connection. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void subscriptionTakesNoConnectionFromThePoolOfLettuce(boolean first) throws Exception {
        LettuceConnectionFactory factory = (LettuceConnectionFactory) pooled(Driver.LETTUCE, 1);
        RedisConnection ofTheApplication = factory.getConnection();
        this.open.add(ofTheApplication);
        byte[] channel = "application".getBytes(StandardCharsets.UTF_8);
        if (first) {
            ofTheApplication.subscribe((message, pattern) -> {}, channel);
        }
        StoreClient client = new StoreClient(factory, SETTINGS);
        this.open.add(client);
        client.subscribe().awaitListening();
        if (!first) {
            ofTheApplication.subscribe((message, pattern) -> {}, channel);
        }
        assertThat(ofTheApplication.isSubscribed()).isTrue();
    }

    @Test
    void exhaustedPoolOfJedisIsToldAsThatAndIsNoOutage() throws Exception {
        RedisConnectionFactory factory = keep(Drivers.jedis(server(), 2, Duration.ofMillis(100)));
        StoreClient client = new StoreClient(factory, SETTINGS);
        this.open.add(client);
        TenureId owner = client.owner("a");
        client.acquires(owner);
        try (RespClient inside = this.redis.client()) {
            takeConnections(factory, 2, inside);

            for (int i = 0; i < 20; i++) {
                LockStoreException failure = StoreClient.failure(client.ask(client.owner("b"), false));
                assertThat(failure)
                        .hasMessageContaining("pool is exhausted")
                        .hasMessageContaining("'spring.data.redis.jedis.pool.max-active' (now 2)")
                        .hasMessageContaining("7 for locks");
                assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
            }
            giveBack(2, inside);
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> client.renews(owner));
            assertThat(client.reconnections()).isZero();
        }
    }

    /** One after the other they would end each other's silence. */
    @Test
    void manyCallersOfAnExhaustedPoolOfJedisAreNoOutage() throws Exception {
        RedisConnectionFactory factory = keep(Drivers.jedis(server(), 2, Duration.ofMillis(300)));
        StoreClient client = new StoreClient(factory, SETTINGS);
        this.open.add(client);
        client.acquires(client.owner("a"));
        try (RespClient inside = this.redis.client()) {
            takeConnections(factory, 2, inside);
            long end = System.nanoTime() + 2 * SETTINGS.commandTimeout().toNanos();
            List<Future<Integer>> callers = IntStream.range(0, 3)
                    .mapToObj(each -> this.threads.submit(() -> {
                        int calls = 0;
                        for (; System.nanoTime() - end < 0; calls++) {
                            assertThat(StoreClient.failure(client.ask(client.owner("b"), false)))
                                    .hasMessageContaining("pool is exhausted");
                        }
                        return calls;
                    }))
                    .toList();
            for (Future<Integer> caller : callers) {
                assertThat(caller.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
            giveBack(2, inside);
            assertThat(client.reconnections()).isZero();
        }
    }

    /** The pool has its callers wait without limit, and so has the lock. */
    @Test
    void callerThatWaitsForEverForAPoolOfJedisSaysSo(CapturedOutput output) throws Exception {
        RedisConnectionFactory factory = keep(Drivers.jedis(server(), 8, FOR_EVER));
        DefaultLockEngine engine = engine(factory);
        engine.acquire(request("warm", PATIENCE, PATIENCE)).close();
        try (RespClient inside = this.redis.client()) {
            // the subscription has one
            takeConnections(factory, 7, inside);

            Future<LockLease> waiting =
                    this.threads.submit(() -> engine.acquire(request("a", LockDurations.FOREVER, PATIENCE)));

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> output.toString().contains("Locks have to wait for a connection of the pool"));
            assertThat(output)
                    .contains("'spring.data.redis.jedis.pool.max-active' (now 8)")
                    .doesNotContain("no answer");
            assertThat(waiting).isNotDone();
            giveBack(7, inside);
            waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
            assertThat(output.toString().split("Locks have to wait for a connection of the pool", -1))
                    .hasSize(2);
        }
    }

    @Test
    void callersOfAPoolThatIsExhaustedForEverWaitNoLongerThanTheyWish() throws Exception {
        RedisConnectionFactory factory = keep(Drivers.jedis(server(), 8, FOR_EVER));
        DefaultLockEngine engine = engine(factory);
        engine.acquire(request("warm", PATIENCE, PATIENCE)).close();
        try (RespClient inside = this.redis.client()) {
            takeConnections(factory, 7, inside);
            for (int i = 0; i < 8; i++) {
                LockRequest request = request("a" + i, Duration.ZERO, PATIENCE);
                assertThat(this.threads.submit(() -> engine.acquire(request)))
                        .failsWithin(PATIENCE)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(LockStoreException.class)
                        .withMessageContaining("pool is exhausted");
            }
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith("distributed-lock-redis-")
                                    && (name.contains("-wanting-") || name.contains("-having-"))))
                    .hasSizeLessThanOrEqualTo(6);
            giveBack(7, inside);
            engine.acquire(request("b", PATIENCE, PATIENCE)).close();
        }
    }

    /** Only then locks need one of the pool. */
    @Test
    void exhaustedPoolOfLettuceIsToldAsThat(CapturedOutput output) {
        LettuceConnectionFactory factory =
                keep(Drivers.lettuce(server(), Drivers.lettucePool(1).readFrom(ReadFrom.UPSTREAM_PREFERRED), false));
        RedisConnection ofTheApplication = factory.getConnection();
        ofTheApplication.ping();
        StoreClient client = new StoreClient(
                factory,
                new RedisLockStoreSettings(
                        "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(10), true));
        this.open.add(client);
        assertThat(output).contains("spring.data.redis.lettuce.pool.max-active is 1");

        LockStoreException failure = StoreClient.failure(client.ask(client.owner("a"), false));
        assertThat(failure)
                .hasMessageContaining("pool is exhausted")
                .hasMessageContaining("'spring.data.redis.lettuce.pool.max-active' (now 1)");
        assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);

        ofTheApplication.close();
        client.acquires(client.owner("a"));
        assertThat(client.reconnections()).isZero();
    }

    private RedisConnectionFactory pooled(Driver driver, int size) {
        return driver == Driver.LETTUCE
                ? keep(Drivers.lettuce(server(), Drivers.lettucePool(size), false))
                : keep(Drivers.jedis(server(), size, FOR_EVER));
    }

    private RedisStandaloneConfiguration server() {
        return new RedisStandaloneConfiguration(this.redis.host(), this.redis.port());
    }

    private <F extends DisposableBean> F keep(F factory) {
        this.open.add(factory::destroy);
        return factory;
    }

    private DefaultLockEngine engine(RedisConnectionFactory factory) {
        RedisLockStore store = new RedisLockStore(factory, SETTINGS);
        this.open.add(store);
        DefaultLockEngine engine = new DefaultLockEngine(
                store,
                new EngineSettings(
                        "tests",
                        Duration.ofMillis(10),
                        COMMAND_TIMEOUT,
                        Duration.ofSeconds(1),
                        ReleaseWait.ASYNC,
                        this.threads));
        this.open.add(engine::close);
        return engine;
    }

    private static LockRequest request(String name, Duration waitTime, Duration leaseTime) {
        return new LockRequest(LockName.of(name), waitTime, leaseTime, true, false, null);
    }

    /** The application waits for something, and keeps connections for that. */
    private void takeConnections(RedisConnectionFactory factory, int count, RespClient inside) {
        for (int i = 0; i < count; i++) {
            byte[] key = ("jobs-" + i).getBytes(StandardCharsets.UTF_8);
            this.threads.submit(() -> {
                try (RedisConnection connection = factory.getConnection()) {
                    return connection.listCommands().bLPop(0, key);
                }
            });
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> inside.text("INFO", "clients").contains("blocked_clients:" + count + "\r\n"));
    }

    private static void giveBack(int count, RespClient inside) {
        for (int i = 0; i < count; i++) {
            inside.command("RPUSH", "jobs-" + i, "done");
        }
    }

    private static void ping(RedisConnectionFactory factory) {
        try (RedisConnection connection = factory.getConnection()) {
            assertThat(connection.ping()).isEqualTo("PONG");
        }
    }
}
