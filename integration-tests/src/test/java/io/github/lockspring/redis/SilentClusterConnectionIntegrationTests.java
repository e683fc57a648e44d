package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * One server of a cluster is silent: the connection to it has died without a word, or it hangs. Seen from here that is the
 * same; the other servers must not suffer, whichever it is.
 */
@Tag("default-line")
class SilentClusterConnectionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration ROUND = Duration.ofMillis(100);

    private static final int HUNG_ROUNDS = 150;

    private final RedisCluster cluster =
            RedisCluster.started("--cluster-require-full-coverage", "no", "--cluster-node-timeout", "60000");

    private final RedisProcess silent = this.cluster.masters().get(1);

    private final List<RedisProcess> others =
            List.of(this.cluster.masters().get(0), this.cluster.masters().get(2));

    private final FaultProxy proxy = FaultProxy.to(this.silent.host(), this.silent.port());

    private ClientResources resources;

    private LettuceConnectionFactory factory;

    private StoreClient client;

    /** Of the other servers. */
    private final List<TenureId> held = new ArrayList<>();

    @BeforeEach
    void start() {
        this.resources = ClientResources.builder()
                .socketAddressResolver(MappingSocketAddressResolver.create(DnsResolvers.UNRESOLVED, this::route))
                .build();
        this.factory = Drivers.lettuce(
                new RedisClusterConfiguration(this.cluster.addresses()),
                LettuceClientConfiguration.builder().clientResources(this.resources),
                true);
        this.client = new StoreClient(
                        this.factory,
                        new RedisLockStoreSettings(
                                "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), false, COMMAND_TIMEOUT, true))
                .subscribe();
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> works(this.silent));
        for (RedisProcess other : this.others) {
            TenureId tenure = this.client.owner(nameOn(other, "held"));
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> this.client.acquires(tenure));
            this.held.add(tenure);
        }
    }

    @AfterEach
    void stop() throws Exception {
        this.client.close();
        this.factory.destroy();
        this.resources.shutdown(0, 1, TimeUnit.SECONDS).await();
        this.proxy.close();
        this.cluster.close();
    }

    @Test
    void connectionThatDiedIsReplacedAndTheOthersDoNotNotice() {
        int reconnections = this.client.reconnections();
        this.proxy.silence();
        getsALockOfTheSilentServer();
        assertThat(this.client.reconnections()).isGreaterThan(reconnections);
        othersWork();
    }

    @Test
    void serverThatHangsCostsTheOthersNothing() {
        long before = connectionsMade();
        this.silent.pause();
        List<CompletionStage<AcquireOutcome>> asked = new ArrayList<>();
        TenureId tenure = this.client.owner(nameOn(this.silent, "hung"));
        try {
            for (int i = 0; i < HUNG_ROUNDS; i++) {
                asked.add(this.client.ask(tenure, false));
                othersWork();
            }
            assertThat(asked).noneMatch(SilentClusterConnectionIntegrationTests::isAcquired);
            // one or two on each server, and this look
            assertThat(connectionsMade() - before).isLessThanOrEqualTo(10);
        } finally {
            this.silent.resume();
        }
        getsALockOfTheSilentServer();
    }

    /** In the end, while the others go on. */
    private void getsALockOfTheSilentServer() {
        TenureId tenure = this.client.owner(nameOn(this.silent, "wanted"));
        List<CompletionStage<AcquireOutcome>> asked = new ArrayList<>();
        long start = System.nanoTime();
        do {
            asked.add(this.client.ask(tenure, false));
            othersWork();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("how long the locks of the server fail")
                    .isLessThan(PATIENCE);
        } while (asked.stream().noneMatch(SilentClusterConnectionIntegrationTests::isAcquired));
    }

    private static boolean isAcquired(CompletionStage<AcquireOutcome> asked) {
        return asked.toCompletableFuture().isDone()
                && !asked.toCompletableFuture().isCompletedExceptionally()
                && asked.toCompletableFuture().join() instanceof AcquireOutcome.Acquired;
    }

    /** Their locks are acquired, released and renewed, each at the first attempt. */
    private void othersWork() {
        this.others.forEach(this::works);
        assertThat(this.held.stream().map(this.client::renews)).containsOnly(RenewOutcome.RENEWED);
        Awaitility.await().pollDelay(ROUND).until(() -> true);
    }

    private void works(RedisProcess server) {
        TenureId tenure = this.client.owner(nameOn(server, "any"));
        this.client.acquires(tenure);
        this.client.frees(tenure);
    }

    private String nameOn(RedisProcess server, String what) {
        return IntStream.range(0, 100)
                .mapToObj(i -> what + '-' + i)
                .filter(name -> slotOwner(name) == server)
                .findFirst()
                .orElseThrow();
    }

    private RedisProcess slotOwner(String name) {
        int slot = ClusterSlotHashUtil.calculateSlot("lock:{" + name + "}");
        return this.cluster.masters().get(slot * 3 / 16_384);
    }

    /** The driver reaches that server through the proxy, whatever its announced address. */
    private HostAndPort route(HostAndPort address) {
        return address.getPort() == this.silent.port() ? HostAndPort.of(this.proxy.host(), this.proxy.port()) : address;
    }

    private long connectionsMade() {
        return this.others.stream()
                .mapToLong(other -> {
                    try (RespClient inside = other.client()) {
                        return inside.text("INFO", "stats")
                                .lines()
                                .filter(line -> line.startsWith("total_connections_received:"))
                                .mapToLong(line -> Long.parseLong(
                                        line.substring(line.indexOf(':') + 1).strip()))
                                .sum();
                    }
                })
                .sum();
    }
}
