package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The store knows the threads that must not wait for it. */
class DriverThreadsIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callbacksOfTheApplicationsCommandsRunOnThem(boolean ownResources) throws Exception {
        ClientResources resources = ClientResources.create();
        LettuceClientConfiguration.LettuceClientConfigurationBuilder client = LettuceClientConfiguration.builder();
        LettuceConnectionFactory factory =
                Drivers.lettuce(server(), ownResources ? client : client.clientResources(resources), true);
        RedisLockStore store = new RedisLockStore(factory, RedisLockStoreSettings.DEFAULTS);
        // before the store has connected, after that, and once it is closed
        assertThat(store.mustNotBlock(applicationThread(factory))).isTrue();
        StoreClient.answer(store.holder("any"));
        assertThat(store.mustNotBlock(applicationThread(factory))).isTrue();
        store.close();
        assertThat(store.mustNotBlock(applicationThread(factory))).isTrue();

        assertThat(store.mustNotBlock(Thread.currentThread())).isFalse();
        assertThat(store.mustNotBlock(new Thread("lettuce-nioEventLoop-1-1"))).isFalse();
        factory.destroy();
        assertThat(store.mustNotBlock(Thread.currentThread())).isFalse();
        resources.shutdown(0, 0, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
    }

    @Test
    void factoryMayBeStoppedAndStarted() throws Exception {
        LettuceConnectionFactory factory = Drivers.lettuce(server(), LettuceClientConfiguration.builder(), true);
        RedisLockStore store = new RedisLockStore(factory, RedisLockStoreSettings.DEFAULTS);
        assertThat(store.mustNotBlock(applicationThread(factory))).isTrue();

        factory.stop();
        factory.start();

        assertThat(store.mustNotBlock(applicationThread(factory))).isTrue();
        store.close();
        factory.destroy();
    }

    @Test
    void jedisHasNone() {
        JedisConnectionFactory factory =
                Drivers.jedis(TestRedis.shared().host(), TestRedis.shared().port());
        RedisLockStore store = new RedisLockStore(factory, RedisLockStoreSettings.DEFAULTS);
        StoreClient.answer(store.holder("any"));

        assertThat(store.mustNotBlock(Thread.currentThread())).isFalse();
        store.close();
        factory.destroy();
    }

    /** What reads the reply to a command of the application. */
    private static Thread applicationThread(LettuceConnectionFactory factory) throws Exception {
        RedisClient client = (RedisClient) factory.getRequiredNativeClient();
        try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
            CompletableFuture<Thread> reading = new CompletableFuture<>();
            connection.async().blpop(1, new byte[] {1}).thenRun(() -> reading.complete(Thread.currentThread()));
            return reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static RedisStandaloneConfiguration server() {
        return new RedisStandaloneConfiguration(
                TestRedis.shared().host(), TestRedis.shared().port());
    }
}
