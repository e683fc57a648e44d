package io.github.lockspring.testredis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyIntegrationTests {

    private static final Duration IMPATIENT = Duration.ofMillis(200);

    private final String key = TestRedis.newPrefix();

    private final RespClient direct = TestRedis.shared().client();

    private final FaultProxy proxy =
            FaultProxy.to(TestRedis.shared().host(), TestRedis.shared().port());

    @BeforeEach
    void passesEverythingWithoutFaults() {
        try (RespClient client = through()) {
            assertThat(client.text("ECHO", "x".repeat(100_000))).hasSize(100_000);
        }
        Awaitility.await().until(() -> this.proxy.connections() == 0);
    }

    @AfterEach
    void close() {
        this.direct.command("DEL", this.key);
        this.direct.close();
        this.proxy.close();
    }

    @Test
    void delaysBothWays() {
        try (RespClient client = through()) {
            client.command("PING");
            this.proxy.delay(Duration.ofMillis(20));
            long start = System.nanoTime();
            client.command("PING");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(40));
        }
    }

    @Test
    void holdsRequestsBackFromRedis() {
        try (RespClient client = through()) {
            this.proxy.holdRequests();
            CompletableFuture<Long> reply = CompletableFuture.supplyAsync(() -> client.number("INCR", this.key));
            try (RespClient impatient = RespClient.connect(this.proxy.host(), this.proxy.port(), IMPATIENT)) {
                assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> impatient.command("PING"));
            }
            assertThat(this.direct.command("GET", this.key)).isNull();
            this.proxy.heal();
            assertThat(reply.join()).isOne();
        }
    }

    @Test
    void holdsRepliesOfWhatIsExecuted() {
        try (RespClient client = through()) {
            this.proxy.holdReplies();
            CompletableFuture<Long> reply = CompletableFuture.supplyAsync(() -> client.number("INCR", this.key));
            Awaitility.await().until(() -> "1".equals(this.direct.text("GET", this.key)));
            assertThat(reply).isNotDone();

            this.proxy.heal();

            assertThat(reply.join()).isOne();
        }
    }

    @Test
    void dropsRepliesOfWhatIsExecuted() {
        try (RespClient client = RespClient.connect(this.proxy.host(), this.proxy.port(), IMPATIENT)) {
            this.proxy.dropReplies();
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.command("INCR", this.key));
            assertThat(this.direct.text("GET", this.key)).isEqualTo("1");

            this.proxy.heal();

            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.command("PING"));
        }
        try (RespClient next = through()) {
            assertThat(next.number("INCR", this.key)).isEqualTo(2);
        }
    }

    @Test
    void resetsConnectionsAndWelcomesNewOnes() {
        try (RespClient client = through()) {
            client.command("PING");

            this.proxy.reset();

            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.command("PING"));
        }
        try (RespClient next = through()) {
            assertThat(next.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void refusesConnectionsUntilHealed() {
        try (RespClient client = through()) {
            client.command("PING");

            this.proxy.refuse();

            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.command("PING"));
        }
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> {
            try (RespClient refused = through()) {
                refused.command("PING");
            }
        });
        this.proxy.heal();
        try (RespClient next = through()) {
            assertThat(next.command("PING")).isEqualTo("PONG");
        }
    }

    private RespClient through() {
        return RespClient.connect(this.proxy.host(), this.proxy.port());
    }
}
