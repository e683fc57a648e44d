package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.StoreReport;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** What a store finds out about its server, and what it says. */
@Tag("outer-lines")
class ServerProbeIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String WARNING = "Locks are not safe with Redis at ";

    private static final RedisLockStoreSettings POLLING = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), false, Duration.ofSeconds(5), true);

    /** Far less patient than the drivers. */
    private static final RedisLockStoreSettings IMPATIENT = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), false, Duration.ofMillis(500), true);

    private final LogCapture log = LogCapture.info(RedisLockStore.class);

    private @Nullable RedisConnectionFactory factory;

    @AfterEach
    void stop() throws Exception {
        this.log.close();
        destroyFactory();
    }

    private void destroyFactory() throws Exception {
        if (this.factory != null) {
            ((DisposableBean) this.factory).destroy();
            this.factory = null;
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysOnceWhatIsThere(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                StoreClient client =
                        client(driver, redis.host(), redis.port(), POLLING).subscribe()) {
            StoreReport report = awaitReport(client);
            assertThat(report.problems()).isEmpty();
            assertThat(report.details())
                    .containsEntry("mode", "standalone")
                    .containsEntry("role", "primary")
                    .containsEntry("maxmemory", "no limit")
                    .containsEntry("maxmemoryPolicy", "noeviction");
            assertThat(report.details().get("version")).isEqualTo(version(redis));
            assertThat(report.details().get("clockDifference")).matches("(none|-?\\d+ ms) \\(± \\d+ ms\\)");
            assertThat(awaitSaid(Level.INFO, 1))
                    .singleElement()
                    .asString()
                    .startsWith("Locks are kept by ")
                    .contains(version(redis) + " at 127.0.0.1:" + redis.port())
                    .contains(": standalone, role primary, maxmemory-policy noeviction, clock difference ");

            try (RespClient inside = redis.client()) {
                inside.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                inside.command("CONFIG", "RESETSTAT");
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .untilAsserted(() -> client.acquires(client.owner("a")));
                assertThat(client.reconnections()).isPositive();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(inside.text("INFO", "commandstats"))
                                .as("commands of a further look")
                                .contains("cmdstat_zadd"));
                Awaitility.await().during(Duration.ofMillis(500)).until(() -> kept().size() == 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfAServerThatEvicts(Driver driver) {
        try (RedisProcess redis = RedisProcess.started("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
                StoreClient client =
                        client(driver, redis.host(), redis.port(), POLLING).subscribe()) {
            assertThat(awaitSaid(Level.WARN, 1))
                    .singleElement()
                    .asString()
                    .startsWith(WARNING + "127.0.0.1:" + redis.port())
                    .contains("maxmemory-policy is allkeys-lru", "to noeviction");
            StoreReport report = awaitReport(client);
            assertThat(report.problems()).singleElement().asString().contains("allkeys-lru");
            assertThat(report.details()).containsEntry("maxmemory", "104857600 bytes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotWarnOfAPolicyWithoutEffect(Driver driver) {
        try (RedisProcess redis = RedisProcess.started("--maxmemory-policy", "volatile-ttl");
                StoreClient client =
                        client(driver, redis.host(), redis.port(), POLLING).subscribe()) {
            assertThat(awaitReport(client).problems())
                    .singleElement()
                    .asString()
                    .contains("volatile-ttl");
            assertThat(awaitSaid(Level.INFO, 2).get(1)).startsWith("Locks work with Redis at ");
            assertThat(this.log.said(Level.WARN)).isEmpty();
        }
    }

    /** As after a restart with other settings. */
    @ParameterizedTest
    @EnumSource
    void looksAgainOverANewConnection(Driver driver) {
        try (RedisProcess redis = RedisProcess.started("--maxmemory", "100mb");
                StoreClient client =
                        client(driver, redis.host(), redis.port(), POLLING).subscribe();
                RespClient inside = redis.client()) {
            assertThat(awaitReport(client).problems()).isEmpty();
            inside.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
            inside.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.acquires(client.owner("a")));
            assertThat(awaitSaid(Level.WARN, 1))
                    .last()
                    .asString()
                    .startsWith(WARNING)
                    .contains("allkeys-lru");
        }
    }

    /** Not only at the start: when a lock is refused, it says why at once, and that it is over soon after. */
    @ParameterizedTest
    @EnumSource
    void tellsWhileLocksAreRefused(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                StoreClient client =
                        client(driver, redis.host(), redis.port(), POLLING).subscribe();
                RespClient inside = redis.client()) {
            assertThat(awaitReport(client).available()).isTrue();
            awaitSaid(Level.INFO, 1);
            inside.command("CONFIG", "SET", "maxmemory", "1");
            StoreClient.failure(client.ask(client.owner("a"), false));
            assertThat(awaitSaid(Level.WARN, 1))
                    .singleElement()
                    .asString()
                    .startsWith("Locks cannot be taken from Redis at 127.0.0.1:" + redis.port())
                    .contains("refuses to write: OOM", "Increase maxmemory");
            assertThat(client.store().report().available()).isFalse();

            inside.command("CONFIG", "SET", "maxmemory", "0");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> client.store().report().available());
            assertThat(client.store().report().problems()).isEmpty();
            Awaitility.await().atMost(PATIENCE).until(() -> kept().size() == 2);
        }
    }

    /** As with a demotion in a fail-over of which the driver does not know. */
    @ParameterizedTest
    @EnumSource
    void tellsThatItsServerHasBecomeAReplica(Driver driver) {
        try (RedisProcess primary = RedisProcess.started();
                RedisProcess redis = RedisProcess.started();
                StoreClient client =
                        client(driver, redis.host(), redis.port(), POLLING).subscribe();
                RespClient inside = redis.client()) {
            assertThat(awaitReport(client).available()).isTrue();
            awaitSaid(Level.INFO, 1);
            inside.command("REPLICAOF", primary.host(), String.valueOf(primary.port()));
            StoreClient.failure(client.ask(client.owner("a"), false));
            assertThat(awaitSaid(Level.WARN, 1))
                    .last()
                    .asString()
                    .startsWith(WARNING)
                    .contains("it is a replica");
            assertThat(client.store().report().available()).isFalse();

            inside.command("REPLICAOF", "NO", "ONE");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> client.store().report().available());
        }
    }

    /** The question whether it writes has to name a key. */
    @ParameterizedTest
    @EnumSource
    void doesNotTouchALockThatHasTheKeyOfTheQuestion(Driver driver) {
        String key = new String(new KeyLayout("lock:").keyOfSlot(0)[0], StandardCharsets.US_ASCII);
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client()) {
            inside.command("SET", key, "held", "PX", "600000");
            try (StoreClient client =
                    client(driver, redis.host(), redis.port(), POLLING).subscribe()) {
                StoreReport report = awaitReport(client);
                assertThat(report.available()).isTrue();
                assertThat(report.problems()).isEmpty();
                assertThat(inside.text("GET", key)).isEqualTo("held");
                assertThat(inside.text("TYPE", key)).isEqualTo("string");
                assertThat(inside.number("PTTL", key)).isGreaterThan(60_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfAReplica(Driver driver) {
        try (RedisProcess primary = RedisProcess.started();
                RedisProcess replica =
                        RedisProcess.started("--replicaof", primary.host(), String.valueOf(primary.port()));
                StoreClient client =
                        client(driver, replica.host(), replica.port(), POLLING).subscribe()) {
            assertThat(awaitSaid(Level.WARN, 1))
                    .singleElement()
                    .asString()
                    .startsWith(WARNING)
                    .contains("it is a replica", "check 'spring.data.redis.host'");
            assertThat(awaitReport(client).details()).containsEntry("role", "replica");
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesWithoutPermissions(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client()) {
            inside.command(
                    "ACL",
                    "SETUSER",
                    "poor",
                    "reset",
                    "on",
                    ">secret",
                    "~lock:*",
                    "+hello",
                    "+auth",
                    "+ping",
                    "+client",
                    "+eval",
                    "+evalsha",
                    "+zadd");
            try (StoreClient client = new StoreClient(connect(driver, redis, "poor"), POLLING).subscribe()) {
                assertThat(awaitSaid(Level.INFO, 1))
                        .singleElement()
                        .asString()
                        .startsWith("Locks are kept by a server of unknown version at ");
                StoreReport report = awaitReport(client);
                assertThat(report.problems()).isEmpty();
                assertThat(report.details())
                        .containsEntry("version", "unknown")
                        .containsEntry("maxmemoryPolicy", "unknown")
                        .containsEntry("clockDifference", "unknown");
                assertThat(this.log.said(Level.WARN)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysThatScriptsAreNotPermitted(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                RespClient inside = redis.client()) {
            inside.command("ACL", "SETUSER", "mute", "reset", "on", ">secret", "~lock:*", "+hello", "+auth", "+ping");
            try (StoreClient client = new StoreClient(connect(driver, redis, "mute"), POLLING).subscribe()) {
                assertThat(awaitSaid(Level.WARN, 1))
                        .singleElement()
                        .asString()
                        .startsWith("Locks cannot be taken: ")
                        .contains("NOPERM", "ACL SETUSER");
                assertThat(client.store().report().problems()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksAllPrimariesOfACluster(Driver driver) {
        try (RedisCluster cluster = RedisCluster.started("--maxmemory", "100mb");
                RespClient second = cluster.masters().get(1).client()) {
            second.command("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
            this.factory = driver.connect(new RedisClusterConfiguration(cluster.addresses()));
            try (StoreClient client = new StoreClient(this.factory, POLLING).subscribe()) {
                assertThat(awaitSaid(Level.WARN, 1))
                        .singleElement()
                        .asString()
                        .startsWith(WARNING + "the cluster of ")
                        .contains("volatile-lru")
                        .endsWith(" (1 of 3 servers)");
                assertThat(awaitReport(client).details())
                        .containsEntry("mode", "cluster")
                        .containsEntry("primaries", "3")
                        .containsEntry("role", "primary");
                assertThat(kept()).singleElement().asString().contains(": cluster with 3 primaries, role primary, ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsEachNodeOfAClusterThatIsUsedAlone(Driver driver) throws Exception {
        try (RedisCluster cluster = RedisCluster.started()) {
            for (RedisProcess node : cluster.masters()) {
                this.log.clear();
                try (StoreClient client =
                        client(driver, node.host(), node.port(), POLLING).subscribe()) {
                    assertThat(awaitSaid(Level.WARN, 1))
                            .singleElement()
                            .asString()
                            .startsWith("Locks cannot be taken: ")
                            .contains("MOVED", "'spring.data.redis.cluster.nodes'");
                    assertThat(client.store().report().problems()).hasSize(1);
                    assertThat(kept()).isEmpty();
                }
                destroyFactory();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitsForARedisThatComesLater(Driver driver) {
        try (RedisProcess redis = RedisProcess.down()) {
            this.factory = driver.connect(redis.host(), redis.port());
            try (StoreClient client = new StoreClient(this.factory, POLLING).subscribe()) {
                assertThat(awaitSaid(Level.WARN, 1)).singleElement().asString().startsWith("Locks cannot be taken: ");
                assertThat(client.store().report()).isEqualTo(StoreReport.EMPTY);

                redis.start();

                assertThat(awaitReport(client).details()).containsEntry("mode", "standalone");
                assertThat(awaitSaid(Level.INFO, 2))
                        .satisfiesExactly(
                                said -> assertThat(said).isEqualTo("Locks can be taken again: Redis answers"),
                                said -> assertThat(said).startsWith("Locks are kept by "));
                assertThat(this.log.said(Level.WARN)).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitsForARedisThatHangs(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                FaultProxy proxy = FaultProxy.to(redis.host(), redis.port())) {
            proxy.holdReplies();
            try (StoreClient client =
                    client(driver, proxy.host(), proxy.port(), IMPATIENT).subscribe()) {
                Awaitility.await().atMost(PATIENCE).until(() -> proxy.connections() > 0);
                assertThat(client.store().report()).isEqualTo(StoreReport.EMPTY);
                assertThat(kept()).isEmpty();

                proxy.heal();

                assertThat(awaitReport(client).details()).containsEntry("mode", "standalone");
                Awaitility.await().atMost(PATIENCE).until(() -> kept().size() == 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingDoesNotWaitForAnAnswer(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                FaultProxy proxy = FaultProxy.to(redis.host(), redis.port())) {
            proxy.holdReplies();
            StoreClient client =
                    client(driver, proxy.host(), proxy.port(), IMPATIENT).subscribe();
            Awaitility.await().atMost(PATIENCE).until(() -> proxy.connections() > 0);

            assertThat(CompletableFuture.runAsync(client::close))
                    .as("closed within ten times the time of a command, and before the driver gives up")
                    .succeedsWithin(IMPATIENT.commandTimeout().multipliedBy(10));
            proxy.heal();

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("distributed-lock-redis-probe-")));
            assertThat(client.store().report()).isEqualTo(StoreReport.EMPTY);
            assertThat(kept()).isEmpty();
        }
    }

    /** Whether messages arrive is known at the start, and not only when a caller has waited for one in vain. */
    @ParameterizedTest
    @EnumSource
    void sendsItselfAMessage(Driver driver) {
        try (RedisProcess redis = RedisProcess.started();
                StoreClient client = new StoreClient(
                                this.factory = driver.connect(redis.host(), redis.port()),
                                RedisLockStoreFixture.settings("lock:"))
                        .subscribe()
                        .awaitListening();
                RespClient inside = redis.client()) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(inside.text("INFO", "commandstats")).contains("cmdstat_publish:calls=1,"));
            assertThat(client.listening()).containsExactly(true);
        }
    }

    private StoreClient client(Driver driver, String host, int port, RedisLockStoreSettings settings) {
        this.factory = driver.connect(host, port);
        return new StoreClient(this.factory, settings);
    }

    private RedisConnectionFactory connect(Driver driver, RedisProcess redis, String user) {
        RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(redis.host(), redis.port());
        server.setUsername(user);
        server.setPassword("secret");
        this.factory = driver.connect(server);
        return this.factory;
    }

    private static String version(RedisProcess redis) {
        try (RespClient inside = redis.client()) {
            return inside.text("INFO", "server")
                    .lines()
                    .filter(line -> line.startsWith("redis_version:"))
                    .map(line -> line.substring(line.indexOf(':') + 1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static StoreReport awaitReport(StoreClient client) {
        Awaitility.await().atMost(PATIENCE).until(() -> !client.store().report().equals(StoreReport.EMPTY));
        return client.store().report();
    }

    private List<String> kept() {
        return this.log.said(Level.INFO).stream()
                .filter(said -> said.startsWith("Locks are kept by "))
                .toList();
    }

    private List<String> awaitSaid(Level level, int count) {
        Awaitility.await().atMost(PATIENCE).until(() -> this.log.said(level).size() >= count);
        return this.log.said(level);
    }
}
