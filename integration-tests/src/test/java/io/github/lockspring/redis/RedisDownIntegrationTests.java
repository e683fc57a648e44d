package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** While Redis is known to be down, callers cost nothing, and soon after it is back everything works. */
@Tag("outer-lines")
class RedisDownIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Much less than what the driver waits for an answer. */
    private static final RedisLockStoreSettings IMPATIENT = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofMillis(300), true);

    private static final int CALLS = 1000;

    private final RedisProcess redis = RedisProcess.started();

    private RedisConnectionFactory factory;

    @AfterEach
    void stop() throws Exception {
        ((DisposableBean) this.factory).destroy();
        this.redis.close();
    }

    @ParameterizedTest
    @EnumSource
    void serverThatHangs(Driver driver) {
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        try (StoreClient client = new StoreClient(this.factory, IMPATIENT).subscribe()) {
            works(client);
            long before = scripts();

            this.redis.pause();
            Awaitility.await().atMost(PATIENCE).until(() -> refusesAtOnce(client));
            callInVain(client);
            this.redis.resume();

            works(client);
            assertThat(scripts() - before).isLessThan(CALLS / 10);
            assertThat(client.reconnections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void serverThatIsGone(Driver driver) {
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        try (StoreClient client = new StoreClient(this.factory, IMPATIENT).subscribe()) {
            works(client);

            this.redis.kill();
            Awaitility.await().atMost(PATIENCE).until(() -> refusesAtOnce(client));
            callInVain(client);
            this.redis.start();

            works(client);
            assertThat(scripts()).isLessThan(CALLS / 10);
            assertThat(client.reconnections()).isEqualTo(1);
        }
    }

    private static boolean refusesAtOnce(StoreClient client) {
        var stage = client.ask(client.owner("known"), true).toCompletableFuture();
        return stage.isCompletedExceptionally();
    }

    /**
     * None is sent but a few, which find out whether the server is back: the others are refused with what is known of the
     * outage, at once or, where an attempt to connect is under way, when that has failed.
     */
    private static void callInVain(StoreClient client) {
        List<CompletableFuture<?>> atOnce = new ArrayList<>();
        List<CompletableFuture<?>> later = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            var stage = client.ask(client.owner("vain-" + i), true).toCompletableFuture();
            (stage.isCompletedExceptionally() ? atOnce : later).add(stage);
        }
        assertThat(atOnce)
                .isNotEmpty()
                .allSatisfy(stage -> assertThat(StoreClient.failure(stage))
                        .hasMessageMatching("Cannot send .* to Redis: (.*no .*|it takes too long to connect)")
                        .extracting(LockStoreException::getOutcome)
                        .isEqualTo(Outcome.NOT_EXECUTED));
        later.removeIf(stage -> StoreClient.failure(stage).getOutcome() == Outcome.NOT_EXECUTED);
        assertThat(later).hasSizeLessThan(CALLS / 10);
    }

    /** Connecting may take long at first. */
    private static void works(StoreClient client) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            TenureId owner = client.owner("warm");
            client.acquires(owner);
            client.frees(owner);
        });
    }

    private long scripts() {
        try (RespClient inside = this.redis.client()) {
            Matcher calls =
                    Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(inside.text("INFO", "commandstats"));
            return calls.find() ? Long.parseLong(calls.group(1)) : 0;
        }
    }
}
