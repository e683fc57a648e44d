package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A Redis user with just the permissions that the documentation of the store lists, and with fewer. */
class RedisPermissionsIntegrationTests {

    private static final List<String> COMMANDS = List.of(
            "eval",
            "evalsha",
            "get",
            "set",
            "del",
            "exists",
            "pexpire",
            "pttl",
            "time",
            "zadd",
            "zrem",
            "zrange",
            "zrank",
            "hmget",
            "hset",
            "hdel",
            "publish",
            "pubsub|numsub",
            "subscribe",
            "unsubscribe");

    private static RedisProcess redis;

    private static RespClient inside;

    @BeforeAll
    static void start() {
        redis = RedisProcess.started();
        inside = redis.client();
    }

    @AfterAll
    static void stop() {
        inside.close();
        redis.close();
    }

    @Test
    void documentedPermissionsAreEnough() throws InterruptedException {
        user("documented", "&lock:grants:*", COMMANDS);
        LettuceConnectionFactory factory = connect("documented");
        try (StoreClient one = new StoreClient(factory, "lock:");
                StoreClient two = new StoreClient(factory, "lock:").subscribe().awaitListening()) {
            TenureId owner = one.owner("a");
            one.acquires(owner);
            assertThat(one.renews(owner)).isEqualTo(RenewOutcome.RENEWED);
            assertThat(one.keeps(owner)).isInstanceOf(ReleaseOutcome.Kept.class);
            TenureId next = two.owner("a");
            two.queues(next);
            assertThat(StoreClient.answer(two.store().holder("a"))).isPresent();
            StoreClient.answer(one.store().leave(two.owner("a")));
            assertThat(one.frees(owner)).isEqualTo(new ReleaseOutcome.HandedOver());
            assertThat(two.nextGrant().owner()).isEqualTo(next.owner());
            assertThat(StoreClient.answer(two.store().release(next, new ReleaseMode.ExpireAfter(Duration.ofMillis(1)))))
                    .isEqualTo(new ReleaseOutcome.Expiring());
        } finally {
            factory.destroy();
        }
    }

    @Test
    void whoMayNotSubscribePolls() {
        user("mute", null, COMMANDS);
        LettuceConnectionFactory factory = connect("mute");
        try (StoreClient one = new StoreClient(factory, "lock:").subscribe()) {
            TenureId owner = one.owner("b");
            TenureId next = one.owner("b");
            one.acquires(owner);
            one.queues(next);
            assertThat(one.isListening()).isFalse();

            assertThat(one.frees(owner)).isEqualTo(new ReleaseOutcome.HandedOver());

            one.acquires(next);
        } finally {
            factory.destroy();
        }
    }

    /** Once the lock is deleted, nothing may fail any more. */
    @Test
    void whoMayNotPublishStillHandsOver() {
        user("documented", "&lock:grants:*", COMMANDS);
        user("silent", "&lock:grants:*", without("publish"));
        user("blind", "&lock:grants:*", without("pubsub|numsub"));
        LettuceConnectionFactory documented = connect("documented");
        LettuceConnectionFactory silent = connect("silent");
        LettuceConnectionFactory blind = connect("blind");
        try (StoreClient listener =
                        new StoreClient(documented, "lock:").subscribe().awaitListening();
                StoreClient one = new StoreClient(silent, "lock:");
                StoreClient two = new StoreClient(blind, "lock:")) {
            TenureId owner = one.owner("d");
            TenureId next = listener.owner("d");
            one.acquires(owner);
            listener.queues(next);
            assertThat(one.frees(owner)).isEqualTo(new ReleaseOutcome.HandedOver());
            listener.acquires(next);
            listener.frees(next);

            TenureId other = two.owner("d");
            two.acquires(other);
            listener.queues(listener.owner("d"));
            assertThat(two.frees(other)).as("nobody was seen to listen").isEqualTo(new ReleaseOutcome.Freed());
        } finally {
            documented.destroy();
            silent.destroy();
            blind.destroy();
        }
    }

    private static List<String> without(String command) {
        return COMMANDS.stream().filter(other -> !other.equals(command)).toList();
    }

    @Test
    void missingPermissionIsRefusedAndNamed() {
        user("poor", null, List.of("get"));
        LettuceConnectionFactory factory = connect("poor");
        try (StoreClient one = new StoreClient(factory, "lock:")) {
            // A machine under load may take too long to connect at first.
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                LockStoreException failure = StoreClient.failure(one.ask(one.owner("c"), true));

                assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
                assertThat(failure).hasMessageContaining("NOPERM").hasMessageContaining("evalsha");
            });
        } finally {
            factory.destroy();
        }
    }

    /** A user with these commands beside those that connect. */
    private static void user(String name, @Nullable String channels, List<String> commands) {
        List<String> command =
                new ArrayList<>(Arrays.asList("ACL", "SETUSER", name, "reset", "on", ">secret", "~lock:*"));
        command.add("resetchannels");
        if (channels != null) {
            command.add(channels);
        }
        command.addAll(List.of("+hello", "+auth", "+ping", "+client"));
        commands.forEach(permitted -> command.add("+" + permitted));
        inside.command(command.toArray(String[]::new));
    }

    private static LettuceConnectionFactory connect(String user) {
        RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(redis.host(), redis.port());
        server.setUsername(user);
        server.setPassword("secret");
        return Drivers.lettuce(server);
    }
}
