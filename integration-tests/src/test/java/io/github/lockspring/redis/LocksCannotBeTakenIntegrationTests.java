package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.lockspring.testredis.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
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

    private final Logger logger = (Logger) LoggerFactory.getLogger(RedisLockStore.class.getPackageName());

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private RedisConnectionFactory factory;

    @BeforeEach
    void readTheLog() {
        this.log.list = new CopyOnWriteArrayList<>();
        this.log.start();
        this.logger.addAppender(this.log);
    }

    @AfterEach
    void stop() throws Exception {
        this.logger.detachAppender(this.log);
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
                assertThat(said(Level.WARN)).hasSize(1);
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
                        .untilAsserted(() -> assertThat(said(Level.WARN))
                                .filteredOn(said -> said.startsWith("Locks cannot be taken: "))
                                .singleElement()
                                .asString()
                                .contains("'spring.data.redis.host'"));
                redis.start();
                client.awaitListening();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> said(Level.INFO).contains("Locks can be taken again: Redis answers"));
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
        this.log.list.clear();
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
        Awaitility.await().atMost(PATIENCE).until(() -> !said(level).isEmpty());
        return said(level).get(0);
    }

    private List<String> said(Level level) {
        return this.log.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
