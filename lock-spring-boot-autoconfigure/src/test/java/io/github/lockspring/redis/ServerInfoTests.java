package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerInfoTests {

    private static final String SAFE = """
            time:1700000000000000\r
            # Server\r
            redis_version:7.2.4\r
            redis_mode:standalone\r
            executable:/usr/bin/redis-server:x\r
            \r
            # Replication\r
            role:master\r
            # Memory\r
            maxmemory:1048576\r
            maxmemory_policy:noeviction\r
            # Cluster\r
            cluster_enabled:0\r
            """;

    @Test
    void nothingIsWrongWithARedisThatKeepsItsKeys() {
        ServerFindings findings = findings(info(SAFE));
        assertThat(findings.report().problems()).isEmpty();
        assertThat(findings.details().toString())
                .isEqualTo("{server=Redis, version=7.2.4, mode=standalone, role=primary, maxmemory=1048576 bytes,"
                        + " maxmemoryPolicy=noeviction, clockDifference=none (± 1 ms)}");
        assertThat(findings.product()).isEqualTo("Redis 7.2.4");
        assertThat(findings.setup())
                .isEqualTo("standalone, role primary, maxmemory-policy noeviction, clock difference none (± 1 ms)");
    }

    @ParameterizedTest
    @CsvSource({
        "'redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.1.1', Valkey, 8.1.1",
        "'redis_version:7.4.0\ndragonfly_version:df-v1.40.1', Dragonfly, df-v1.40.1",
        "'redis_version:7.2.0\nrlec_version:7.8.2-34', Redis Enterprise, 7.2.0",
        "'redis_version:8.0.3', Redis, 8.0.3"
    })
    void productSaysWhatItIs(String fields, String product, String version) {
        ServerInfo info = info(fields);
        assertThat(info.product()).isEqualTo(product);
        assertThat(info.version()).isEqualTo(version);
        assertThat(findings(info).unsafe()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.0.16, true", "5.0.14, true", "6.2.0, false", "6.2.11, false", "7.0.15, false", "10.0.1, false"})
    void earlierVersionIsNotSupported(String version, boolean refused) {
        assertThat(findings(info("redis_version:" + version)).unsafe())
                .hasSize(refused ? 1 : 0)
                .allSatisfy(problem -> assertThat(problem).contains(version, "Redis 6.2 or later"));
    }

    @ParameterizedTest
    @CsvSource({
        "allkeys-lru",
        "allkeys-lfu",
        "allkeys-random",
        "volatile-lru",
        "volatile-ttl",
        "volatile-random",
        "eviction"
    })
    void evictionIsUnsafeWhereMemoryHasALimit(String policy) {
        ServerInfo limited = info("maxmemory:100\nmaxmemory_policy:" + policy);
        assertThat(findings(limited).unsafe()).singleElement().asString().contains(policy, "noeviction");
        assertThat(findings(limited).minor()).isEmpty();

        ServerInfo unlimited = info("maxmemory:0\nmaxmemory_policy:" + policy);
        assertThat(findings(unlimited).unsafe()).isEmpty();
        assertThat(findings(unlimited).minor()).singleElement().asString().contains(policy, "once it is");

        assertThat(findings(info("maxmemory_policy:" + policy)).unsafe()).hasSize(1);
    }

    @Test
    void replicaIsUnsafe() {
        assertThat(findings(info("role:slave")).unsafe())
                .singleElement()
                .asString()
                .contains("it is a replica", "check 'the.property'");
        assertThat(findings(info("role:active-replica")).unsafe())
                .singleElement()
                .asString()
                .contains("other servers accept writes");
    }

    @Test
    void clockDifferenceIsToldFromTheTimeThatTheAnswerTakes() {
        ServerInfo.ClockDifference exact =
                ServerInfo.of("time:1700000002500000", 1700000000000L, 0).clock();
        assertThat(exact).isEqualTo(new ServerInfo.ClockDifference(2500, 1));
        assertThat(findings(ServerInfo.of("time:1700000002500000", 1700000000000L, 0))
                        .minor())
                .singleElement()
                .asString()
                .contains("3 s ahead of", "NTP");
        assertThat(findings(ServerInfo.of("time:1699999990000000", 1700000000000L, 0))
                        .minor())
                .singleElement()
                .asString()
                .contains("10 s behind");

        ServerInfo late = ServerInfo.of("time:1700000000000000", 1700000004000L, TimeUnit.SECONDS.toNanos(8));
        assertThat(late.clock()).isEqualTo(new ServerInfo.ClockDifference(0, 4001));
        ServerInfo unclear = ServerInfo.of("time:1700000000500000", 1700000000000L, TimeUnit.SECONDS.toNanos(4));
        assertThat(findings(unclear).minor()).isEmpty();
    }

    @Test
    void whatIsNotShownIsUnknown() {
        ServerInfo info = info("refused:ERR The user executing the script can't run this command or subcommand");
        assertThat(info.refusal()).startsWith("ERR The user");
        ServerFindings findings = findings(info);
        assertThat(findings.report().problems()).isEmpty();
        assertThat(findings.details()).containsEntry("server", "unknown").containsEntry("clockDifference", "unknown");
        assertThat(findings.product()).isEqualTo("a server of unknown version");
        assertThat(findings.setup())
                .endsWith(". Permit its user INFO ('+info') to have its version and" + " maxmemory-policy looked at");
    }

    @Test
    void takesWhatIsShownWithoutAScript() {
        Properties fields = new Properties();
        fields.setProperty("redis_version", "7.2.4");
        fields.setProperty("maxmemory_policy", "volatile-lru");
        ServerInfo info = info("time:1700000000000000\nrefused:ERR not allowed").with(fields);
        assertThat(info.refusal()).isNull();
        assertThat(info.clock()).isNotNull();
        assertThat(findings(info).unsafe()).hasSize(1);
    }

    @Test
    void problemsOfSeveralServersAreToldOnce() {
        ServerInfo safe = info("cluster_enabled:1\nredis_version:7.0.1\nmaxmemory_policy:noeviction");
        ServerInfo evicting = info("cluster_enabled:1\nredis_version:7.2.4\nmaxmemory_policy:allkeys-lru");
        ServerFindings some = ServerFindings.of(List.of(safe, evicting, evicting), 3, "");
        assertThat(some.unsafe()).singleElement().asString().endsWith(" (2 of 3 servers)");
        assertThat(some.details())
                .containsEntry("mode", "cluster")
                .containsEntry("primaries", "3")
                .containsEntry("version", "7.0.1, 7.2.4");
        assertThat(some.setup()).startsWith("cluster with 3 primaries, ");
        assertThat(ServerFindings.of(List.of(evicting, evicting), 2, "").unsafe())
                .singleElement()
                .asString()
                .doesNotContain("servers)");
        assertThat(ServerFindings.of(List.of(safe, safe), 3, "").setup()).startsWith("cluster with 2 of 3 primaries, ");
    }

    private static ServerInfo info(String text) {
        return ServerInfo.of(text, 1700000000000L, 0);
    }

    private static ServerFindings findings(ServerInfo info) {
        return ServerFindings.of(List.of(info), 1, "'the.property'");
    }
}
