package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.Lifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Redis is away, for a while. */
@Tag("outer-lines")
class RedisOutageIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final RedisLockStoreSettings IMPATIENT = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(1), true);

    private final RedisProcess redis = RedisProcess.down();

    private RedisConnectionFactory factory;

    @AfterEach
    void stop() throws Exception {
        ((DisposableBean) this.factory).destroy();
        this.redis.close();
    }

    @ParameterizedTest
    @EnumSource
    void redisMayComeLater(Driver driver) throws InterruptedException {
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        try (StoreClient client = new StoreClient(this.factory, "lock:").subscribe()) {
            TenureId owner = client.owner("a");
            assertThat(StoreClient.failure(client.ask(owner, true)).getOutcome())
                    .isEqualTo(Outcome.NOT_EXECUTED);
            assertThat(StoreClient.failure(client.store().holder("a"))).hasMessageContaining("no connection");
            assertThat(client.isListening()).isFalse();

            this.redis.start();

            client.awaitListening();
            client.acquires(owner);
            TenureId next = client.owner("a");
            client.queues(next);
            client.frees(owner);
            assertThat(client.nextGrant().owner()).isEqualTo(next.owner());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everythingWorksAgainAfterARestart(Driver driver) throws InterruptedException {
        this.redis.start();
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        try (StoreClient client =
                new StoreClient(this.factory, "lock:").subscribe().awaitListening()) {
            client.acquires(client.owner("a"));

            this.redis.kill();
            Awaitility.await().atMost(PATIENCE).until(() -> !client.isListening());
            this.redis.start();

            client.awaitListening();
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                TenureId owner = client.owner("b");
                client.acquires(owner);
                assertThat(client.frees(owner)).isEqualTo(new ReleaseOutcome.Freed());
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void listenerIsToldOfALostSubscriptionAndOfTheNext(Driver driver) throws InterruptedException {
        this.redis.start();
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        try (StoreClient client =
                        new StoreClient(this.factory, "lock:").subscribe().awaitListening();
                RespClient inside = this.redis.client()) {
            inside.command("CLIENT", "KILL", "TYPE", "pubsub");

            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.listening()).containsExactly(true, false, true));
            TenureId owner = client.owner("a");
            TenureId next = client.owner("a");
            client.acquires(owner);
            client.queues(next);
            client.frees(owner);
            assertThat(client.nextGrant().owner()).isEqualTo(next.owner());
        }
    }

    /** As Spring does with a context that is paused, or restored from a checkpoint. */
    @ParameterizedTest
    @EnumSource
    void connectionFactoryMayBeStoppedAndStarted(Driver driver) throws InterruptedException {
        this.redis.start();
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        try (StoreClient client =
                new StoreClient(this.factory, IMPATIENT).subscribe().awaitListening()) {
            client.acquires(client.owner("a"));

            ((Lifecycle) this.factory).stop();
            for (int i = 0; i < 3; i++) {
                assertThat(StoreClient.failure(client.ask(client.owner("b"), false))
                                .getOutcome())
                        .isEqualTo(Outcome.NOT_EXECUTED);
            }
            ((Lifecycle) this.factory).start();

            TenureId owner = client.owner("b");
            client.acquires(owner);
            // The subscription of Jedis goes on undisturbed.
            if (driver == Driver.LETTUCE) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> client.listening().size() > 2);
            }
            client.awaitListening();
            TenureId next = client.owner("b");
            client.queues(next);
            client.frees(owner);
            assertThat(client.nextGrant().owner()).isEqualTo(next.owner());
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingGivesTheSubscriptionBack(Driver driver) {
        this.redis.start();
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        StoreClient client = new StoreClient(this.factory, "lock:").subscribe().awaitListening();
        String channel = "lock:grants:" + client.client();

        client.close();

        try (RespClient inside = this.redis.client()) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(inside.texts("PUBSUB", "NUMSUB", channel))
                            .containsExactly(channel, "0"));
        }
        assertThat(client.isListening()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("distributed-lock-redis-grants-1");
        assertThat(StoreClient.failure(client.ask(client.owner("a"), false)).getOutcome())
                .isEqualTo(Outcome.NOT_EXECUTED);
    }

    @ParameterizedTest
    @EnumSource
    void closingDoesNotWaitForARedisThatDoesNotAnswer(Driver driver) {
        this.redis.start();
        try (FaultProxy proxy = FaultProxy.to(this.redis.host(), this.redis.port())) {
            this.factory = driver.connect(proxy.host(), proxy.port());
            StoreClient client =
                    new StoreClient(this.factory, IMPATIENT).subscribe().awaitListening();
            client.acquires(client.owner("a"));

            proxy.holdReplies();
            long start = System.nanoTime();
            client.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            proxy.heal();
        }
    }

    /** The driver would send it again over its next connection, long after its caller has given up. */
    @Test
    void commandWhoseAnswerWasLostIsNotRepeated() {
        this.redis.start();
        try (FaultProxy proxy = FaultProxy.to(this.redis.host(), this.redis.port());
                RespClient inside = this.redis.client()) {
            this.factory = Driver.LETTUCE.connect(proxy.host(), proxy.port());
            StoreClient client = new StoreClient(this.factory, RedisLockStoreSettings.DEFAULTS);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.acquires(client.owner("a")));
            inside.command("CONFIG", "RESETSTAT");
            proxy.holdReplies();
            var unanswered = client.ask(client.owner("b"), true);
            var next = client.ask(client.owner("b"), true);
            Awaitility.await().atMost(PATIENCE).until(() -> scripts(inside) == 2);

            proxy.reset();
            proxy.heal();

            assertThat(StoreClient.failure(unanswered).getOutcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(StoreClient.failure(next).getOutcome()).isEqualTo(Outcome.UNKNOWN);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.acquires(client.owner("c")));
            assertThat(scripts(inside)).isEqualTo(3);
            client.close();
        }
    }

    private static long scripts(RespClient inside) {
        Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(inside.text("INFO", "commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** The driver would buffer them until it is connected again. */
    @Test
    void commandsThatNobodyWaitsForAnyMoreAreNotSentAfterTheOutage() {
        this.redis.start();
        try (FaultProxy proxy = FaultProxy.to(this.redis.host(), this.redis.port())) {
            this.factory = Driver.LETTUCE.connect(proxy.host(), proxy.port());
            StoreClient client =
                    new StoreClient(this.factory, IMPATIENT).subscribe().awaitListening();
            client.acquires(client.owner("a"));
            proxy.refuse();
            Awaitility.await().atMost(PATIENCE).until(() -> !client.isListening());

            assertThat(StoreClient.failure(client.ask(client.owner("b"), true)).getOutcome())
                    .isEqualTo(Outcome.NOT_EXECUTED);
            proxy.heal();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.acquires(client.owner("c")));

            assertThat(StoreClient.answer(client.store().holder("b"))).isEmpty();
            client.close();
        }
    }

    @Test
    void lettuceNeedNotShareItsConnection() throws InterruptedException {
        this.redis.start();
        LettuceConnectionFactory unshared = Drivers.lettuce(this.redis.host(), this.redis.port());
        unshared.setShareNativeConnection(false);
        this.factory = unshared;
        try (StoreClient client =
                        new StoreClient(this.factory, "lock:").subscribe().awaitListening();
                RespClient inside = this.redis.client()) {
            TenureId owner = client.owner("a");
            TenureId next = client.owner("a");
            client.acquires(owner);
            client.queues(next);
            client.frees(owner);
            assertThat(client.nextGrant().owner()).isEqualTo(next.owner());
            assertThat(inside.text("CLIENT", "LIST").lines()).hasSize(3);
        }
    }

    /** What is thrown away when it is broken must not be given to others, and a small pool is there for others. */
    @Test
    void commandsTakeNoConnectionFromThePoolOfLettuce() {
        this.redis.start();
        LettuceConnectionFactory pooled = Drivers.lettucePoolOfOne(this.redis.host(), this.redis.port());
        this.factory = pooled;
        try (StoreClient client =
                        new StoreClient(this.factory, "lock:").subscribe().awaitListening();
                RedisConnection ofTheApplication = pooled.getConnection();
                RespClient inside = this.redis.client()) {
            assertThat(ofTheApplication.ping()).isEqualTo("PONG");
            client.acquires(client.owner("a"));

            inside.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.acquires(client.owner("b")));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(ofTheApplication.ping()).isEqualTo("PONG"));
        }
    }
}
