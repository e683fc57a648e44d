package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisClusterNode;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Which server of a cluster has a key, as it was when last asked. A slot may have moved since: the driver follows it,
 * and only the threads are those of another server. Thread-safe.
 */
final class BlockingTopology {

    private static final Logger log = LoggerFactory.getLogger(BlockingTopology.class);

    static final String ANY_SERVER = "";

    private final RedisConnectionFactory factory;

    private final ThreadPoolExecutor discovering = DaemonThreads.pool("redis-topology", 1, 1);

    /** Null until it is known. */
    private volatile String @Nullable [] serverOfSlot;

    private volatile boolean clustered;

    BlockingTopology(RedisConnectionFactory factory) {
        this.factory = factory;
    }

    boolean isCluster() {
        return this.clustered;
    }

    /** The name of the server that has the key of a call; the same for all as long as they are not known. */
    String serverOf(ScriptCall call) {
        String[] known = this.serverOfSlot;
        String name = known == null ? null : known[ClusterSlotHashUtil.calculateSlot(call.keys()[0])];
        return name == null ? ANY_SERVER : name;
    }

    void connected(RedisConnection connection) {
        if (connection instanceof RedisClusterConnection && !this.clustered) {
            this.clustered = true;
            discover();
        }
    }

    /** Lets another thread ask, if there is a cluster. If that fails, the servers remain unknown, as before. */
    void discover() {
        if (!this.clustered) {
            return;
        }
        try {
            this.discovering.execute(this::ask);
        } catch (RuntimeException | Error ex) {
            log.debug("The servers of the cluster are already being queried, or the store is closed", ex);
        }
    }

    private void ask() {
        try (RedisClusterConnection connection = this.factory.getClusterConnection()) {
            String[] found = new String[ClusterSlotHashUtil.SLOT_COUNT];
            for (RedisClusterNode node : connection.clusterGetNodes()) {
                if (node.isMaster()) {
                    node.getSlotRange().getSlots().forEach(slot -> found[slot] = node.asString());
                }
            }
            this.serverOfSlot = found;
        } catch (RuntimeException | Error ex) {
            log.debug("The servers of the cluster could not be determined", ex);
        }
    }

    void close() {
        this.discovering.shutdownNow();
    }
}
