package io.github.lockspring.testredis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestRedisIntegrationTests {

    @Test
    void isOneForTheWholeJvm() {
        TestRedis first = TestRedis.shared();
        assertThat(TestRedis.shared()).isSameAs(first);
        try (RespClient client = first.client()) {
            assertThat(client.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void isNewEnough() {
        try (RespClient client = TestRedis.shared().client()) {
            String version = String.valueOf(client.command("INFO", "server")).replaceAll("(?s).*redis_version:", "v=");
            assertThat(RedisBinary.isRecentEnough(version))
                    .as(version.lines().findFirst().orElse(""))
                    .isTrue();
        }
    }

    @Test
    void takesTheGivenAddressFirst() {
        try (RedisProcess own = RedisProcess.started()) {
            RedisAddress taken = TestRedis.find(own.host() + ":" + own.port());
            assertThat(taken.port()).isEqualTo(own.port());
            assertThat(taken.origin()).isEqualTo(TestRedis.ADDRESS_VARIABLE);
        }
    }

    @Test
    void failsWhenNobodyIsAtTheGivenAddress() {
        try (RedisProcess down = RedisProcess.down()) {
            assertThatRuntimeException()
                    .isThrownBy(() -> TestRedis.find(down.host() + ":" + down.port()))
                    .withMessageContaining("No Redis at 127.0.0.1:" + down.port());
        }
    }

    @ParameterizedTest
    @CsvSource({"redis.example, redis.example, 6379", "10.0.0.1:7000, 10.0.0.1, 7000", "redis://a:1, a, 1"})
    void readsAddresses(String text, String host, int port) {
        assertThat(RedisAddress.parse(text, "test")).isEqualTo(new RedisAddress(host, port, "test"));
    }

    @Test
    void saysWhatIsWrongWithAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.parse("no address", TestRedis.ADDRESS_VARIABLE))
                .withMessageContaining("no address");
    }

    @Test
    void unpacksABinaryThatRuns(@TempDir Path directory) throws Exception {
        RedisBinary binary = RedisBinary.unpack(directory);
        RedisBinary again = RedisBinary.unpack(directory);

        assertThat(again).isEqualTo(binary);
        Process process = new ProcessBuilder(binary.path().toString(), "--version").start();
        assertThat(RedisBinary.isRecentEnough(
                        new String(process.getInputStream().readAllBytes())))
                .isTrue();
        assertThat(directory).isDirectoryContaining(file -> file.equals(binary.path()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Redis server v=6.2.11 sha=0", "Redis server v=7.0.15 sha=0", "Valkey server v=8.1.1"})
    void acceptsServersFromVersion62On(String versionLine) {
        assertThat(RedisBinary.isRecentEnough(versionLine)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Redis server v=6.0.16 sha=0", "Redis server v=5.0.14", "sh: not found", ""})
    void passesOlderServersOver(String versionLine) {
        assertThat(RedisBinary.isRecentEnough(versionLine)).isFalse();
    }

    @Test
    void looksForADockerEngineWhereOneIsNamed(@TempDir Path home) {
        assertThat(DockerRedis.mayHaveEngine(Map.of("DOCKER_HOST", "tcp://127.0.0.1:2375"), home))
                .isTrue();
    }
}
