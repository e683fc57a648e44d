package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** One of the masters of a cluster hangs: what is kept by the others does not suffer. */
@Tag("outer-lines")
class HungMasterIntegrationTests {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final int LOCKS = 12;

    private static final int ROUNDS = 25;

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.started("--cluster-require-full-coverage", "no", "--cluster-node-timeout", "15000");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Were they renewed late, Redis would say that they are not the owner's any more. */
    @ParameterizedTest
    @EnumSource
    void shortLeasesOnHealthyMastersAreRenewedInTime(Driver driver) throws Exception {
        RedisConnectionFactory factory = driver.connect(new RedisClusterConfiguration(cluster.addresses()));
        RedisProcess sick = cluster.masters().get(2);
        try (StoreClient client = new StoreClient(factory, RedisLockStoreSettings.DEFAULTS)) {
            List<Renewal> renewals = new ArrayList<>();
            List<Integer> healthy = new ArrayList<>();
            for (int i = 0; i < LOCKS; i++) {
                TenureId tenure = client.owner(driver + "-" + i);
                if (cluster.masterOf("lock:{" + tenure.fullNames().get(0) + "}") != sick) {
                    healthy.add(i);
                }
                Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> client.acquires(tenure));
                renewals.add(new Renewal(tenure, LEASE));
            }
            assertThat(healthy).hasSizeBetween(1, LOCKS - 1);
            long before = scripts(sick);

            sick.pause();
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletionStage<RenewOutcome>> renewed = client.store().renew(renewals);
                assertThat(healthy.stream().map(renewed::get).map(StoreClient::answer))
                        .containsOnly(RenewOutcome.RENEWED);
                Awaitility.await().pollDelay(LEASE.dividedBy(5)).until(() -> true);
            }
            sick.resume();

            assertThat(scripts(sick) - before).isLessThan(ROUNDS * (LOCKS - healthy.size()));
            int any = IntStream.range(0, LOCKS)
                    .filter(i -> !healthy.contains(i))
                    .findFirst()
                    .orElseThrow();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.acquires(renewals.get(any).tenure()));
        } finally {
            ((DisposableBean) factory).destroy();
        }
    }

    private static long scripts(RedisProcess node) {
        try (RespClient inside = node.client()) {
            Matcher calls =
                    Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(inside.text("INFO", "commandstats"));
            return calls.find() ? Long.parseLong(calls.group(1)) : 0;
        }
    }
}
