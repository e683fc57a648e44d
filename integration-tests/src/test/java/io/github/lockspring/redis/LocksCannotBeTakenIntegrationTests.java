package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LogCapture;
import io.github.lockspring.testredis.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/** What the log says where Redis is down, or does not know who connects, and when it works again. */
@Tag("default-line")
class LocksCannotBeTakenIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final RedisLockStoreSettings SETTINGS = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(5), true);

    private final LogCapture log = LogCapture.info(RedisLockStore.class);

    private RedisConnectionFactory factory;

    @AfterEach
    void stop() throws Exception {
        this.log.close();
        ((DisposableBean) this.factory).destroy();
    }

    /** Nobody asks for a lock: the subscription alone finds out. */
    @ParameterizedTest
    @EnumSource
    void serverIsDownWhenTheApplicationStarts(Driver driver) {
        try (RedisProcess redis = RedisProcess.down()) {
            this.factory = driver.connect(redis.host(), redis.port());
            try (StoreClient client = new StoreClient(this.factory, SETTINGS).subscribe()) {
                assertThat(warning())
                        .startsWith("Locks cannot be taken: ")
                        .contains("'spring.data.redis.host' and 'spring.data.redis.port'");
                redis.start();
                client.awaitListening();
                assertThat(mended()).isEqualTo("Locks can be taken again: Redis answers");
                assertThat(this.log.said(Level.WARN)).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void serverGoesDownAndComesBack(Driver driver) {
        try (RedisProcess redis = RedisProcess.started()) {
            this.factory = driver.connect(redis.host(), redis.port());
            try (StoreClient client =
                    new StoreClient(this.factory, SETTINGS).subscribe().awaitListening()) {
                redis.kill();
                // beside that a subscription was lost that had just been made
                Awaitility.await()
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(this.log.said(Level.WARN))
                                .filteredOn(said -> said.startsWith("Locks cannot be taken: "))
                                .singleElement()
                                .asString()
                                .contains("'spring.data.redis.host'"));
                redis.start();
                client.awaitListening();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> this.log.said(Level.INFO).contains("Locks can be taken again: Redis answers"));
            }
        }
    }

    /** No subscription: the first command finds out. */
    @ParameterizedTest
    @EnumSource
    void passwordIsWrong(Driver driver) {
        try (RedisProcess redis = RedisProcess.started("--requirepass", "right")) {
            RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(redis.host(), redis.port());
            server.setPassword("wrong");
            this.factory = driver.connect(server);
            try (StoreClient client = new StoreClient(this.factory, SETTINGS)) {
                assertThat(client.ask(client.owner("a"), true)).failsWithin(PATIENCE);
                assertThat(warning())
                        .startsWith("Locks cannot be taken: ")
                        .contains("WRONGPASS", "'spring.data.redis.password'")
                        .doesNotContain("spring.data.redis.host");
            }
        }
    }

    @Test
    void serversOfJedisAreWhereItsTopologySays() {
        JedisClientConfiguration client = JedisClientConfiguration.builder().build();
        this.factory = new JedisConnectionFactory(new RedisClusterConfiguration(List.of("one:1")), client);
        OutageLog.of(this.factory, RedisServerLabel.DEFAULT, System::nanoTime, Runnable::run)
                .down("gone", null);
        assertThat(warning())
                .contains("Check 'spring.data.redis.cluster.nodes'")
                .doesNotContain("redis.host");
        this.log.clear();
        this.factory = new JedisConnectionFactory(new RedisSentinelConfiguration("mymaster", Set.of("one:1")), client);
        OutageLog.of(this.factory, RedisServerLabel.DEFAULT, System::nanoTime, Runnable::run)
                .down("gone", null);
        assertThat(warning()).contains("'spring.data.redis.sentinel.nodes' and 'spring.data.redis.sentinel.master'");
    }

    private String warning() {
        return first(Level.WARN);
    }

    private String mended() {
        return first(Level.INFO);
    }

    private String first(Level level) {
        Awaitility.await().atMost(PATIENCE).until(() -> !this.log.said(level).isEmpty());
        return this.log.said(level).get(0);
    }
}
