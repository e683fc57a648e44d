package io.github.lockspring.testredis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RespClientIntegrationTests {

    private final RespClient client = TestRedis.shared().client();

    private final String prefix = TestRedis.newPrefix();

    @AfterEach
    void close() {
        this.client.close();
    }

    @Test
    void readsEveryKindOfReply() {
        assertThat(this.client.command("PING")).isEqualTo("PONG");
        assertThat(this.client.command("GET", this.prefix)).isNull();
        assertThat(this.client.number("INCR", this.prefix + "n")).isOne();
        assertThat(this.client.command("EVAL", "return {1, {'a', false}, {}}", "0"))
                .isEqualTo(List.of(1L, Arrays.asList("a", null), List.of()));
    }

    @Test
    void passesAnyText() {
        String text = "line\r\nbreak, { braces }, \ud83d\udd12, 10 kB: " + "x".repeat(10_240);
        this.client.command("SET", this.prefix + text, text, "PX", "60000");
        assertThat(this.client.text("GET", this.prefix + text)).isEqualTo(text);
    }

    @Test
    void staysInStepAfterAnError() {
        assertThatExceptionOfType(RespException.class)
                .isThrownBy(() -> this.client.command("EVAL", "return {redis.error_reply('ERR mine'), 'x'}", "0"))
                .withMessageStartingWith("ERR mine");
        assertThatExceptionOfType(RespException.class).isThrownBy(() -> this.client.command("NO-SUCH-COMMAND"));
        assertThat(this.client.text("ECHO", "still in step")).isEqualTo("still in step");
    }

    @Test
    void findsAllKeysOfAPattern() {
        String[] set = IntStream.range(0, 3_000)
                .boxed()
                .flatMap(i -> List.of(this.prefix + i, "v").stream())
                .toArray(String[]::new);
        String[] mset = IntStream.rangeClosed(0, set.length)
                .mapToObj(i -> i == 0 ? "MSET" : set[i - 1])
                .toArray(String[]::new);
        this.client.command(mset);

        assertThat(this.client.keys(this.prefix + "*")).hasSize(3_000);

        this.client.keys(this.prefix + "*").forEach(key -> this.client.command("DEL", key));
    }

    @Test
    void losesPatienceWithASilentServer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RespClient waiting = RespClient.connect("127.0.0.1", silent.getLocalPort(), Duration.ofMillis(50))) {
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> waiting.command("PING"));
        }
    }
}
