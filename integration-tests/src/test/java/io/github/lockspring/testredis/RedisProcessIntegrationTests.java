package io.github.lockspring.testredis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RedisProcessIntegrationTests {

    @Test
    void forgetsItsDataWithKillAndKeepsItsPort() {
        try (RedisProcess redis = RedisProcess.started()) {
            int port = redis.port();
            set(redis, "a", "1");

            redis.kill();
            assertThat(redis.isAlive()).isFalse();
            redis.start();

            assertThat(redis.port()).isEqualTo(port);
            assertThat(get(redis, "a")).isNull();
        }
    }

    @Test
    void keepsItsDataWithKillWhenToldToAppend() {
        try (RedisProcess redis = RedisProcess.started("--appendonly", "yes", "--appendfsync", "always")) {
            set(redis, "a", "1");
            redis.kill();
            redis.start();
            assertThat(get(redis, "a")).isEqualTo("1");
        }
    }

    @Test
    void isAnotherProcessAfterARestart() {
        try (RedisProcess redis = RedisProcess.started()) {
            long pid = redis.pid();
            redis.restart();
            assertThat(redis.pid()).isNotEqualTo(pid);
            assertThat(ProcessHandle.of(pid)).isEmpty();
        }
    }

    @Test
    void answersNothingWhilePausedAndEverythingAfterwards() {
        try (RedisProcess redis = RedisProcess.started();
                RespClient client = redis.client()) {
            redis.pause();
            try (RespClient impatient = RespClient.connect(redis.host(), redis.port(), Duration.ofMillis(100))) {
                assertThatExceptionOfType(UncheckedIOException.class)
                        .isThrownBy(() -> impatient.command("INCR", "executed later"));
            }

            redis.resume();

            await("the server's turn for that connection")
                    .untilAsserted(() ->
                            assertThat(client.text("GET", "executed later")).isEqualTo("1"));
        }
    }

    @Test
    void takesExtraArguments() {
        try (RedisProcess redis = RedisProcess.started("--maxmemory", "5mb");
                RespClient client = redis.client()) {
            assertThat(client.texts("CONFIG", "GET", "maxmemory")).containsExactly("maxmemory", "5242880");
        }
    }

    @Test
    void showsTheServersOwnWordsWhenItDoesNotStart() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RedisProcess.started("--no-such-option", "1"))
                .withMessageContaining("no-such-option");
    }

    @Test
    void leavesNothingBehind() {
        RedisProcess redis = RedisProcess.started();
        long pid = redis.pid();
        Path directory = redis.directory();
        redis.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(directory).doesNotExist();
    }

    private static void set(RedisProcess redis, String key, String value) {
        try (RespClient client = redis.client()) {
            client.command("SET", key, value);
        }
    }

    private static @Nullable String get(RedisProcess redis, String key) {
        try (RespClient client = redis.client()) {
            return client.text("GET", key);
        }
    }
}
