package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The application recovers, because its factory makes new connections; locks do as soon as it does. */
@Tag("outer-lines")
class ReplacedConnectionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final RedisLockStoreSettings IMPATIENT = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(1), true);

    private static RedisProcess first;

    private static RedisProcess second;

    private final FaultProxy proxy = FaultProxy.to(first.host(), first.port());

    private RedisConnectionFactory factory;

    /** Factories as applications configure them. */
    enum Setup {
        UNSHARED((host, port) -> Drivers.lettuce(standalone(host, port), reconnecting(true), false)),

        READING_FROM_REPLICAS((host, port) -> validated(Drivers.lettuce(
                standalone(host, port), reconnecting(true).readFrom(ReadFrom.UPSTREAM_PREFERRED), true))),

        READING_FROM_REPLICAS_WITHOUT_RECONNECTION((host, port) -> validated(Drivers.lettuce(
                standalone(host, port), reconnecting(false).readFrom(ReadFrom.UPSTREAM_PREFERRED), true))),

        UNSHARED_READING_FROM_REPLICAS((host, port) -> Drivers.lettuce(
                standalone(host, port), reconnecting(true).readFrom(ReadFrom.UPSTREAM_PREFERRED), false)),

        STATIC_REPLICAS((host, port) -> validated(
                Drivers.lettuce(new RedisStaticMasterReplicaConfiguration(host, port), reconnecting(true), true))),

        UNSHARED_STATIC_REPLICAS((host, port) ->
                Drivers.lettuce(new RedisStaticMasterReplicaConfiguration(host, port), reconnecting(true), false)),

        POOLED((host, port) -> Drivers.lettuce(standalone(host, port), Drivers.lettucePool(4), false)),

        POOLED_WITHOUT_RECONNECTION((host, port) -> Drivers.lettuce(
                standalone(host, port),
                Drivers.lettucePool(4)
                        .clientOptions(
                                ClientOptions.builder().autoReconnect(false).build()),
                false)),

        POOLED_READING_FROM_REPLICAS((host, port) -> Drivers.lettuce(
                standalone(host, port), Drivers.lettucePool(4).readFrom(ReadFrom.UPSTREAM_PREFERRED), false)),

        JEDIS((host, port) -> Drivers.jedis(standalone(host, port)));

        private final BiFunction<String, Integer, RedisConnectionFactory> connect;

        Setup(BiFunction<String, Integer, RedisConnectionFactory> connect) {
            this.connect = connect;
        }

        private static RedisConfiguration standalone(String host, int port) {
            return new RedisStandaloneConfiguration(host, port);
        }

        private static LettuceClientConfiguration.LettuceClientConfigurationBuilder reconnecting(boolean auto) {
            return LettuceClientConfiguration.builder()
                    .clientOptions(ClientOptions.builder().autoReconnect(auto).build());
        }

        private static LettuceConnectionFactory validated(LettuceConnectionFactory factory) {
            factory.setValidateConnection(true);
            return factory;
        }
    }

    @BeforeAll
    static void start() {
        first = RedisProcess.started();
        second = RedisProcess.started();
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @BeforeEach
    void bothArePrimaries() {
        command(first, "REPLICAOF", "NO", "ONE");
        command(second, "REPLICAOF", "NO", "ONE");
    }

    @AfterEach
    void close() throws Exception {
        ((DisposableBean) this.factory).destroy();
        this.proxy.close();
    }

    @ParameterizedTest
    @EnumSource
    void connectionsAreReset(Setup setup) {
        try (StoreClient client = connect(setup)) {
            this.proxy.reset();
            recovers(client);
        }
    }

    /** What the factory shares is closed then, under those who have it. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JEDIS")
    void factoryIsToldToResetItsConnection(Setup setup) {
        try (StoreClient client = connect(setup)) {
            ((LettuceConnectionFactory) this.factory).resetConnection();
            recovers(client);
        }
    }

    /**
     * The old server becomes a replica, and connections to it stay open, as when a service in front of it is repointed. The
     * application then has them replaced.
     */
    @ParameterizedTest
    @EnumSource
    void addressOfThePrimaryMoved(Setup setup) {
        try (StoreClient client = connect(setup)) {
            this.proxy.redirect(second.port());
            command(first, "REPLICAOF", second.host(), Integer.toString(second.port()));
            if (EnumSet.range(Setup.POOLED, Setup.JEDIS).contains(setup)) {
                this.proxy.reset();
            } else {
                ((LettuceConnectionFactory) this.factory).resetConnection();
            }
            recovers(client);
        }
    }

    private StoreClient connect(Setup setup) {
        this.factory = setup.connect.apply(this.proxy.host(), this.proxy.port());
        StoreClient client = new StoreClient(this.factory, IMPATIENT).subscribe();
        recovers(client);
        return client;
    }

    private void recovers(StoreClient client) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            TenureId owner = client.owner("a");
            client.acquires(owner);
            client.frees(owner);
        });
        // and so does the application
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            try (RedisConnection connection = this.factory.getConnection()) {
                byte[] key = "application".getBytes(StandardCharsets.UTF_8);
                assertThat(connection.stringCommands().set(key, key)).isTrue();
            }
        });
    }

    private static void command(RedisProcess redis, String... arguments) {
        try (RespClient client = redis.client()) {
            client.command(arguments);
        }
    }
}
