package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome.Acquired;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisProcess;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The connection of the subscription dies without a word, while all others are well. */
@Tag("outer-lines")
class SilentSubscriptionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration IMPATIENCE = Duration.ofMillis(300);

    private static RedisProcess redis;

    private final FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());

    private RedisConnectionFactory factory;

    @BeforeAll
    static void start() {
        redis = RedisProcess.started();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @AfterEach
    void close() throws Exception {
        ((DisposableBean) this.factory).destroy();
        this.proxy.close();
    }

    @ParameterizedTest
    @EnumSource
    void processThatWaitsNoticesThatItHearsNothingAndSubscribesAgain(Driver driver) throws InterruptedException {
        try (StoreClient client = connect(driver, Duration.ofMillis(200))) {
            TenureId holder = client.owner("a");
            TenureId waiting = client.owner("a");
            client.acquires(holder);
            client.queues(waiting);

            this.proxy.silenceSubscribers();

            Awaitility.await().atMost(PATIENCE).until(() -> {
                client.queues(waiting);
                return client.listening().size() >= 3;
            });
            assertThat(client.listening()).containsExactly(true, false, true);
            client.queues(waiting);
            client.frees(holder);
            assertThat(client.nextGrant().owner()).isEqualTo(waiting.owner());
            client.frees(waiting);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pollThatFindsTheLockGivenIsAReasonToLookAtOnce(Driver driver) throws InterruptedException {
        try (StoreClient client = connect(driver, Duration.ofHours(1))) {
            TenureId holder = client.owner("b");
            TenureId waiting = client.owner("b");
            client.acquires(holder);
            client.queues(waiting);
            this.proxy.silenceSubscribers();
            client.frees(holder);

            assertThat(StoreClient.answer(client.ask(waiting, true))).isInstanceOf(Acquired.class);

            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.listening()).containsExactly(true, false, true));
            client.frees(waiting);
        }
    }

    @ParameterizedTest
    @EnumSource
    void subscriptionThatHearsIsLeftAlone(Driver driver) throws InterruptedException {
        try (StoreClient client = connect(driver, Duration.ofMillis(1))) {
            TenureId holder = client.owner("c");
            TenureId waiting = client.owner("c");
            client.acquires(holder);

            Awaitility.await()
                    .during(IMPATIENCE.multipliedBy(3))
                    .atMost(PATIENCE)
                    .until(() -> {
                        client.queues(waiting);
                        return client.listening().size() == 1;
                    });
            client.frees(holder);
            assertThat(client.nextGrant().owner()).isEqualTo(waiting.owner());
            client.frees(waiting);
        }
    }

    private StoreClient connect(Driver driver, Duration pollInterval) {
        this.factory = driver.connect(this.proxy.host(), this.proxy.port());
        Duration grantLease = pollInterval.plusSeconds(2);
        StoreClient client = new StoreClient(
                        this.factory,
                        new RedisLockStoreSettings("lock:", grantLease, pollInterval, true, IMPATIENCE, true))
                .subscribe()
                .awaitListening();
        // the first connection of a JVM takes longer
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> client.store()
                        .holder("warm")
                        .toCompletableFuture()
                        .get()
                        .isEmpty());
        return client;
    }
}
