package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The same of a cluster, of which one server says nothing about the others. */
@Tag("outer-lines")
class ReplacedClusterConnectionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final RedisLockStoreSettings IMPATIENT = new RedisLockStoreSettings(
            "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, Duration.ofSeconds(1), true);

    private RedisCluster cluster;

    private LettuceConnectionFactory factory;

    @BeforeEach
    void start() {
        this.cluster = RedisCluster.started();
    }

    @AfterEach
    void stop() {
        this.factory.destroy();
        this.cluster.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionsDiedAndTheDriverDoesNotReconnect(boolean shared) {
        connect(ClusterClientOptions.builder().autoReconnect(false).build(), shared);
        try (StoreClient client = new StoreClient(this.factory, IMPATIENT)) {
            works(client, this.cluster.masters());

            for (RedisProcess master : this.cluster.masters()) {
                try (RespClient inside = master.client()) {
                    inside.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                }
            }

            works(client, this.cluster.masters());
        }
    }

    @Test
    void factoryIsToldToResetItsConnection() {
        connect(ClusterClientOptions.create(), true);
        try (StoreClient client = new StoreClient(this.factory, IMPATIENT)) {
            works(client, this.cluster.masters());
            this.factory.resetConnection();
            works(client, this.cluster.masters());
        }
    }

    /** One of them is the server that the driver has reached first, whose connection stands for all of them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void oneServerThatIsGoneLeavesTheConnectionsToTheOthersAlone(int index) {
        connect(
                ClusterClientOptions.builder()
                        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                        .build(),
                true);
        RedisProcess gone = this.cluster.masters().get(index);
        List<RedisProcess> others =
                this.cluster.masters().stream().filter(master -> master != gone).toList();
        try (StoreClient client = new StoreClient(this.factory, IMPATIENT)) {
            works(client, this.cluster.masters());
            List<String> before = others.stream().map(this::lockConnection).toList();

            // the cluster goes on for as long as nobody has noticed
            gone.kill();
            for (int i = 0; i < 3; i++) {
                StoreClient.failure(client.ask(client.owner(nameOn(gone)), false));
            }

            // whether they answer or say that the cluster is down
            for (RedisProcess other : others) {
                client.ask(client.owner(nameOn(other)), false)
                        .handle((outcome, failure) -> outcome)
                        .toCompletableFuture()
                        .join();
            }
            assertThat(others.stream().map(this::lockConnection).toList()).isEqualTo(before);
        }
    }

    /** As far as the driver knows; it asks anew before it is believed. */
    @Test
    void slotThatNoServerHasIsRefusedUntilOneHasIt() {
        connect(ClusterClientOptions.create(), true);
        try (StoreClient client = new StoreClient(this.factory, IMPATIENT)) {
            works(client, this.cluster.masters());
            String name = nameOn(this.cluster.masters().get(0));
            String slot = String.valueOf(slot(name));
            forEachMaster("CLUSTER", "DELSLOTS", slot);
            ((RedisClusterClient) this.factory.getRequiredNativeClient()).refreshPartitions();

            LockStoreException refusal = StoreClient.failure(client.ask(client.owner(name), false));
            assertThat(refusal.getOutcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refusal).hasMessageContaining("CLUSTER SLOTS");

            try (RespClient inside = this.cluster.masters().get(0).client()) {
                inside.command("CLUSTER", "ADDSLOTS", slot);
            }
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                TenureId owner = client.owner(name);
                client.acquires(owner);
                client.frees(owner);
            });
        }
    }

    private void forEachMaster(String... command) {
        for (RedisProcess master : this.cluster.masters()) {
            try (RespClient inside = master.client()) {
                inside.command(command);
            }
        }
    }

    private void connect(ClusterClientOptions options, boolean shared) {
        this.factory = Drivers.lettuce(
                new RedisClusterConfiguration(this.cluster.addresses()),
                LettuceClientConfiguration.builder().clientOptions(options),
                shared);
    }

    private void works(StoreClient client, List<RedisProcess> masters) {
        for (RedisProcess master : masters) {
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                TenureId owner = client.owner(nameOn(master));
                client.acquires(owner);
                client.frees(owner);
            });
        }
    }

    private String nameOn(RedisProcess master) {
        int index = this.cluster.masters().indexOf(master);
        return IntStream.range(0, 100)
                .mapToObj(i -> "lock-" + i)
                .filter(name -> slot(name) * 3 / 16_384 == index)
                .findFirst()
                .orElseThrow();
    }

    private static int slot(String name) {
        return ClusterSlotHashUtil.calculateSlot("lock:{" + name + "}");
    }

    /** The id of the connection over which the last script came. */
    private String lockConnection(RedisProcess master) {
        try (RespClient inside = master.client()) {
            return inside.text("CLIENT", "LIST")
                    .lines()
                    .filter(line -> line.contains(" cmd=evalsha") || line.contains(" cmd=eval "))
                    .map(line -> line.split(" ")[0])
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(inside.text("CLIENT", "LIST")));
        }
    }
}
