package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisClusterNode;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.Subscription;

/**
 * Runs scripts through a driver that blocks, such as Jedis: on a few threads for those who want a lock, and on others
 * for those who have one, so that neither connecting nor a slow server delays a renewal behind acquisitions. Every server
 * of a cluster has threads of its own, so that one that hangs does not keep those for the others.
 */
final class BlockingLink implements RedisLink {

    private static final Logger log = LoggerFactory.getLogger(BlockingLink.class);

    /** With those that have a lock and the subscription one less than a pool of Jedis has connections by default. */
    private static final int WANTING_THREADS = 4;

    private static final int HAVING_THREADS = 2;

    private static final String ANY_SERVER = "";

    private final RedisConnectionFactory factory;

    private final Duration commandTimeout;

    private final LongSupplier nanoClock;

    private final Runnable onReconnected;

    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    private final ThreadPoolExecutor discovering = DaemonThreads.pool("redis-topology", 1, 1);

    /**
     * Which server of a cluster has a slot, as it was when last asked; null until then. A slot may have moved: the driver
     * follows it, and only the threads are those of another server.
     */
    private volatile String @Nullable [] serverOfSlot;

    private volatile boolean clustered;

    private volatile boolean closed;

    /** Whether the server has refused digests only; a new connection may be to a server that accepts them. */
    private volatile boolean inFull;

    BlockingLink(
            RedisConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock, Runnable onReconnected) {
        this.factory = factory;
        this.commandTimeout = commandTimeout;
        this.nanoClock = nanoClock;
        this.onReconnected = () -> {
            this.inFull = false;
            onReconnected.run();
        };
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        String[] known = this.serverOfSlot;
        String name = known == null ? null : known[ClusterSlotHashUtil.calculateSlot(call.keys()[0])];
        return this.servers
                .computeIfAbsent(name == null ? ANY_SERVER : name, any -> new Server())
                .run(call, lane);
    }

    /** Has another thread ask for the topology. What fails is not known then, as before. */
    private void discover() {
        try {
            this.discovering.execute(() -> {
                try (RedisClusterConnection connection = this.factory.getClusterConnection()) {
                    String[] found = new String[ClusterSlotHashUtil.SLOT_COUNT];
                    for (RedisClusterNode node : connection.clusterGetNodes()) {
                        if (node.isMaster()) {
                            node.getSlotRange().getSlots().forEach(slot -> found[slot] = node.asString());
                        }
                    }
                    this.serverOfSlot = found;
                } catch (RuntimeException | Error ex) {
                    log.debug("The servers of the cluster could not be found out", ex);
                }
            });
        } catch (RuntimeException | Error ex) {
            log.debug("The servers of the cluster are being asked for already, or the store is closed", ex);
        }
    }

    @Override
    public boolean clustered() {
        return this.clustered;
    }

    @Override
    public void endSubscription(RedisConnection subscribed) {
        Subscription subscription = subscribed.getSubscription();
        if (subscription != null && subscription.isAlive()) {
            subscription.unsubscribe();
        }
    }

    @Override
    public void reachable() {
        this.inFull = false;
        this.servers.values().forEach(server -> server.watch.tryAtOnce());
    }

    /** Lets nothing new in, and what is under way finish, within limits. */
    @Override
    public void close() {
        this.closed = true;
        this.discovering.shutdownNow();
        List<ThreadPoolExecutor> executors = new ArrayList<>();
        this.servers.values().forEach(server -> executors.addAll(List.of(server.wanting, server.having)));
        executors.forEach(ThreadPoolExecutor::shutdown);
        long start = System.nanoTime();
        try {
            for (ThreadPoolExecutor executor : executors) {
                long left = this.commandTimeout.toNanos() - (System.nanoTime() - start);
                if (!executor.awaitTermination(left, TimeUnit.NANOSECONDS)) {
                    log.debug("Commands to Redis are still under way after {}", this.commandTimeout);
                }
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** One server, or all as long as they are not known one by one. */
    private final class Server {

        private final ServerWatch watch = new ServerWatch(
                BlockingLink.this.commandTimeout,
                BlockingLink.this.nanoClock,
                BlockingLink.this.onReconnected,
                () -> {});

        private final ThreadPoolExecutor wanting =
                DaemonThreads.pool("redis-wanting", WANTING_THREADS, ServerWatch.MOST_UNDER_WAY);

        private final ThreadPoolExecutor having =
                DaemonThreads.pool("redis-having", HAVING_THREADS, ServerWatch.MOST_UNDER_WAY);

        /** The future is completed, whatever happens. */
        CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
            LockStoreException refusal = BlockingLink.this.closed
                    ? CommandFailures.notSent(call, "the store is closed", null)
                    : this.watch.enter(call);
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            CompletableFuture<ScriptReply> result = new CompletableFuture<>();
            long deadline = BlockingLink.this.nanoClock.getAsLong() + BlockingLink.this.commandTimeout.toNanos();
            boolean probing = this.watch.isDown();
            try {
                (lane == Lane.HAVING ? this.having : this.wanting).execute(() -> run(call, probing, deadline, result));
            } catch (RuntimeException | Error ex) {
                result.completeExceptionally(notSent(call, "no thread for it (" + CommandFailures.why(ex) + ")", ex));
            }
            return result;
        }

        /** Giving back the connection may take its time: the result does not wait for that. */
        private void run(ScriptCall call, boolean probing, long deadline, CompletableFuture<ScriptReply> result) {
            RedisConnection connection;
            try {
                connection = connect(call, probing, deadline);
            } catch (LockStoreException ex) {
                result.completeExceptionally(ex);
                return;
            }
            try {
                ScriptReply reply = ScriptReply.of(evaluate(call, connection.scriptingCommands()));
                this.watch.answered();
                result.complete(reply);
            } catch (RuntimeException | Error ex) {
                result.completeExceptionally(failed(call, ex));
            } finally {
                RedisLink.close(connection);
            }
        }

        private RedisConnection connect(ScriptCall call, boolean probing, long deadline) {
            if (deadline - BlockingLink.this.nanoClock.getAsLong() <= 0) {
                throw notSent(call, "too many commands wait for an answer", null);
            }
            if (!probing && this.watch.isDown()) {
                this.watch.unanswered();
                throw this.watch.notSent(call);
            }
            RedisConnection connection;
            try {
                connection = BlockingLink.this.factory.getConnection();
            } catch (RuntimeException | Error ex) {
                throw unreachable(call, ex);
            }
            if (connection instanceof RedisClusterConnection && !BlockingLink.this.clustered) {
                BlockingLink.this.clustered = true;
                discover();
            }
            return connection;
        }

        private @Nullable Object evaluate(ScriptCall call, RedisScriptingCommands commands) {
            LockScript script = call.script();
            byte[][] parameters = call.keysAndArguments();
            boolean refused = false;
            if (!BlockingLink.this.inFull) {
                try {
                    return commands.evalSha(script.sha(), script.returnType(), call.keys().length, parameters);
                } catch (RuntimeException ex) {
                    refused = ServerRefusal.isOfDigests(ex);
                    if (!refused && !CommandFailures.says(ex, "NOSCRIPT")) {
                        throw ex;
                    }
                }
            }
            byte[] text = KeyLayout.bytes(script.text());
            Object reply = commands.eval(text, script.returnType(), call.keys().length, parameters);
            BlockingLink.this.inFull |= refused;
            return reply;
        }

        private LockStoreException failed(ScriptCall call, Throwable failure) {
            if (CommandFailures.isReply(failure)) {
                this.watch.answered();
            } else if (CommandFailures.couldNotConnect(failure) && !BlockingLink.this.clustered) {
                return unreachable(call, failure);
            } else {
                // in a cluster, the driver may have sent the command before it tried to connect to another node
                this.watch.broken(CommandFailures.noConnection(failure));
                this.watch.unanswered();
                if (BlockingLink.this.clustered) {
                    discover();
                }
            }
            return CommandFailures.of(call, failure);
        }

        private LockStoreException unreachable(ScriptCall call, Throwable failure) {
            if (!CommandFailures.isLocal(failure)) {
                this.watch.lost(failure);
            }
            return notSent(call, CommandFailures.noConnection(failure), failure);
        }

        private LockStoreException notSent(ScriptCall call, String why, @Nullable Throwable cause) {
            this.watch.unanswered();
            return CommandFailures.notSent(call, why, cause);
        }
    }
}
