package io.github.lockspring.testredis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** A Redis Cluster of three masters on free ports, without replicas, to be broken. */
public final class RedisCluster implements AutoCloseable {

    private static final int MASTERS = 3;

    private static final int SLOTS = 16_384;

    private final List<RedisProcess> masters = new ArrayList<>();

    private RedisCluster() {}

    /** Starts a cluster and waits until every node finds it in order. */
    public static RedisCluster started(String... arguments) {
        RedisCluster cluster = new RedisCluster();
        try {
            List<String> all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"));
            all.addAll(List.of(arguments));
            for (int i = 0; i < MASTERS; i++) {
                cluster.masters.add(RedisProcess.started(all.toArray(String[]::new)));
            }
            cluster.assignSlots();
            cluster.introduceNodes();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(50))
                    .until(cluster::isReady);
            return cluster;
        } catch (RuntimeException ex) {
            cluster.close();
            throw ex;
        }
    }

    /** The nodes, each with a third of the slots, in their order. */
    public List<RedisProcess> masters() {
        return List.copyOf(this.masters);
    }

    /** The nodes as {@code host:port}, as drivers want them. */
    public List<String> addresses() {
        return this.masters.stream()
                .map(node -> node.host() + ":" + node.port())
                .toList();
    }

    /** Returns the slot of a key, as the server computes it. */
    public int slotOf(String key) {
        try (RespClient client = this.masters.get(0).client()) {
            return (int) client.number("CLUSTER", "KEYSLOT", key);
        }
    }

    /** Returns the node that was given the slot of a key. */
    public RedisProcess masterOf(String key) {
        int slot = slotOf(key);
        return IntStream.range(0, MASTERS)
                .filter(node -> slot < firstSlot(node + 1))
                .mapToObj(this.masters::get)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        this.masters.forEach(RedisProcess::close);
    }

    private static int firstSlot(int node) {
        return node * SLOTS / MASTERS;
    }

    private void assignSlots() {
        for (int node = 0; node < MASTERS; node++) {
            List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            IntStream.range(firstSlot(node), firstSlot(node + 1))
                    .mapToObj(Integer::toString)
                    .forEach(command::add);
            try (RespClient client = this.masters.get(node).client()) {
                client.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(node + 1));
                client.command(command.toArray(String[]::new));
            }
        }
    }

    private void introduceNodes() {
        try (RespClient client = this.masters.get(0).client()) {
            for (RedisProcess node : this.masters.subList(1, MASTERS)) {
                client.command("CLUSTER", "MEET", node.host(), Integer.toString(node.port()));
            }
        }
    }

    private boolean isReady() {
        return this.masters.stream().allMatch(node -> {
            try (RespClient client = node.client()) {
                String info = String.valueOf(client.command("CLUSTER", "INFO"));
                return info.contains("cluster_state:ok")
                        && info.contains("cluster_slots_ok:" + SLOTS)
                        && info.contains("cluster_known_nodes:" + MASTERS);
            }
        });
    }
}
