package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.LockStoreContract;
import io.github.lockspring.store.LockStoreFixture;
import io.github.lockspring.store.LockStoreFuzzContract;
import io.github.lockspring.store.LockStoreGrantContract;
import io.github.lockspring.store.LockStorePollContract;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreUnderTest;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The Redis store does what a store can do, in a cluster. */
class RedisClusterLockStoreIntegrationTests {

    /** Much less than what the driver waits for an answer. */
    private static final Duration IMPATIENCE = Duration.ofMillis(500);

    private static RedisCluster cluster;

    private static LettuceConnectionFactory lettuce;

    private static JedisConnectionFactory jedis;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.started();
        lettuce = Drivers.lettuce(new RedisClusterConfiguration(cluster.addresses()));
        jedis = Drivers.jedis(new RedisClusterConfiguration(cluster.addresses()));
    }

    @AfterAll
    static void stop() {
        lettuce.destroy();
        jedis.destroy();
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "{", "}", "{}", "}{", "{a}{b}", "x\n", "🔒", "ä:b%", "\u0000"})
    void keysAreInTheSlotsWeThinkTheyAre(String hostile) {
        byte[][] keys =
                new KeyLayout("lock:").allKeys(LockName.of(hostile, hostile).fullName());
        assertThat(Arrays.stream(keys)
                        .map(key -> cluster.slotOf(new String(key, StandardCharsets.UTF_8)))
                        .distinct())
                .containsExactly(ClusterSlotHashUtil.calculateSlot(keys[0]));
    }

    @Test
    void locksOnEveryNodeWithBothDrivers() {
        try (StoreClient one = new StoreClient(lettuce, "lock:");
                StoreClient two = new StoreClient(jedis, "lock:")) {
            for (int i = 0; i < 100; i++) {
                String lock = "spread:" + i;
                var owner = one.owner(lock);
                long number = one.acquires(owner);
                two.fails(two.owner(lock));
                one.frees(owner);
                assertThat(two.acquires(two.owner(lock))).isGreaterThan(number);
            }
        }
        assertThat(cluster.masters()).allSatisfy(node -> {
            try (var inside = node.client()) {
                assertThat(inside.keys("lock:{spread*")).isNotEmpty();
            }
        });
    }

    /** A node counts its own subscribers only: what it says about a message must not decide. */
    @Test
    void grantThatNobodyWasSeenToHearStands() {
        String lock = "unheard";
        try (StoreClient one = new StoreClient(lettuce, "lock:");
                StoreClient two = new StoreClient(lettuce, "lock:")) {
            TenureId owner = one.owner(lock);
            one.acquires(owner);
            TenureId next = two.owner(lock);
            StoreClient.answer(two.store()
                    .acquire(TenureRequest.of(next, StoreClient.LEASE)
                            .mayQueue(true)
                            .listening(true)
                            .pollInterval(StoreClient.POLL_INTERVAL)));

            assertThat(one.frees(owner)).isEqualTo(new ReleaseOutcome.HandedOver());

            assertThat(one.fails(one.owner(lock)).holder().owner()).isEqualTo(next.owner());
            StoreClient.answer(two.store().leave(next));
        }
    }

    /** A script with several keys is answered by TRYAGAIN as long as the slot has some of them here and some there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leasesAreRenewedWhileTheirSlotMigrates(boolean withLettuce) {
        String lock = "migrating:" + withLettuce;
        String key = "lock:{" + lock + "}";
        RedisProcess from = cluster.masterOf(key);
        RedisProcess to = cluster.masters().stream()
                .filter(node -> node != from)
                .findFirst()
                .orElseThrow();
        try (StoreClient client = new StoreClient(withLettuce ? lettuce : jedis, "lock:");
                RespClient source = from.client();
                RespClient target = to.client()) {
            TenureId owner = client.owner(lock);
            client.acquires(owner);
            String slot = Integer.toString(cluster.slotOf(key));
            target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.text("CLUSTER", "MYID"));
            source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.text("CLUSTER", "MYID"));

            assertThat(client.renews(owner)).isEqualTo(RenewOutcome.RENEWED);
            assertThat(StoreClient.failure(client.store().release(owner, ReleaseMode.FREE)))
                    .hasMessageContaining("TRYAGAIN")
                    .extracting(LockStoreException::getOutcome)
                    .isEqualTo(Outcome.UNKNOWN);

            source.command("MIGRATE", to.host(), Integer.toString(to.port()), key, "0", "5000");
            assertThat(client.renews(owner)).isEqualTo(RenewOutcome.RENEWED);
            target.command("ASKING");
            assertThat(target.number("PTTL", key)).isPositive();

            for (String counter : source.texts("CLUSTER", "GETKEYSINSLOT", slot, "10")) {
                source.command("MIGRATE", to.host(), Integer.toString(to.port()), counter, "0", "5000");
            }
            for (RespClient node : List.of(target, source)) {
                node.command("CLUSTER", "SETSLOT", slot, "NODE", target.text("CLUSTER", "MYID"));
            }
        }
    }

    @Test
    void renewalsDoNotWaitForANodeThatIsSilent() {
        try (RedisCluster broken = RedisCluster.started("--cluster-require-full-coverage", "no")) {
            LettuceConnectionFactory factory = Drivers.lettuce(new RedisClusterConfiguration(broken.addresses()));
            try (StoreClient client = new StoreClient(factory, impatient())) {
                TenureId onSilentNode = client.owner("silent");
                RedisProcess silent = broken.masterOf("lock:{silent}");
                TenureId elsewhere = IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> "lock-" + i)
                        .filter(lock -> broken.masterOf("lock:{" + lock + "}") != silent)
                        .findFirst()
                        .map(client::owner)
                        .orElseThrow();
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .ignoreExceptions()
                        .untilAsserted(() -> StoreClient.answer(client.store().holder("silent")));
                client.acquires(onSilentNode);
                client.acquires(elsewhere);

                silent.pause();

                Duration lease = Duration.ofMinutes(1);
                List<CompletionStage<RenewOutcome>> renewed =
                        client.store().renew(List.of(new Renewal(onSilentNode, lease), new Renewal(elsewhere, lease)));
                assertThat(renewed.get(1))
                        .succeedsWithin(IMPATIENCE.multipliedBy(10))
                        .isEqualTo(RenewOutcome.RENEWED);
                assertThat(renewed.get(0))
                        .succeedsWithin(IMPATIENCE.multipliedBy(10))
                        .isInstanceOf(RenewOutcome.Failed.class);
                silent.resume();
            } finally {
                factory.destroy();
            }
        }
    }

    /** As a proxy does, one server of a cluster passes for all there is. */
    @Test
    void renewsOneByOneWhereKeysTurnOutToBeInSeveralSlots() {
        String one = "lock-0";
        RedisProcess server = cluster.masterOf("lock:{" + one + "}");
        String other = IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> "lock-" + i)
                .filter(lock -> cluster.masterOf("lock:{" + lock + "}") == server)
                .findFirst()
                .orElseThrow();
        LettuceConnectionFactory factory =
                Drivers.lettuce(new RedisStandaloneConfiguration(server.host(), server.port()));
        try (StoreClient client = new StoreClient(factory, "lock:")) {
            List<Renewal> renewals = Stream.of(client.owner(one), client.owner(other))
                    .map(tenure -> new Renewal(tenure, Duration.ofMinutes(1)))
                    .toList();
            renewals.forEach(renewal -> client.acquires(renewal.tenure()));

            List<RenewOutcome> first = StoreClient.answers(client.store().renew(renewals));
            List<RenewOutcome> second = StoreClient.answers(client.store().renew(renewals));

            assertThat(first).containsOnly(RenewOutcome.RENEWED);
            assertThat(second).containsOnly(RenewOutcome.RENEWED);
        } finally {
            factory.destroy();
        }
    }

    private static RedisLockStoreSettings impatient() {
        RedisLockStoreSettings defaults = RedisLockStoreSettings.DEFAULTS;
        return new RedisLockStoreSettings(
                defaults.keyPrefix(), defaults.grantLease(), defaults.pollInterval(), false, IMPATIENCE, true);
    }

    @Nested
    class WithLettuce implements StoreUnderTest {

        @Override
        public LockStoreFixture open() {
            return new RedisLockStoreFixture(lettuce, false);
        }

        @Nested
        class Basics extends LockStoreContract {}

        @Nested
        class Grants extends LockStoreGrantContract {}

        @Nested
        class Polls extends LockStorePollContract {}

        @Nested
        class Fuzz extends LockStoreFuzzContract {}
    }

    @Nested
    class WithJedis implements StoreUnderTest {

        @Override
        public LockStoreFixture open() {
            return new RedisLockStoreFixture(jedis, false);
        }

        @Nested
        class Basics extends LockStoreContract {}

        @Nested
        class Grants extends LockStoreGrantContract {}
    }
}
