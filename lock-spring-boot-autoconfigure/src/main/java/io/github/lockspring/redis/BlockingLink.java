package io.github.lockspring.redis;

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
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisClusterNode;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
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

    BlockingLink(
            RedisConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock, Runnable onReconnected) {
        this.factory = factory;
        this.commandTimeout = commandTimeout;
        this.nanoClock = nanoClock;
        this.onReconnected = onReconnected;
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        PendingCall pending = new PendingCall(call, new CompletableFuture<>());
        serverOf(call).submit(pending, lane);
        return pending.result;
    }

    private Server serverOf(ScriptCall call) {
        String[] known = this.serverOfSlot;
        String name = known == null ? null : known[HashSlots.of(call.keys()[0])];
        return this.servers.computeIfAbsent(name == null ? ANY_SERVER : name, any -> new Server());
    }

    /** Has another thread ask for the topology. What fails is not known then, as before. */
    private void discover() {
        try {
            this.discovering.execute(() -> {
                try (RedisClusterConnection connection = this.factory.getClusterConnection()) {
                    String[] found = new String[HashSlots.COUNT];
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
    public void onSubscriptionLost(RedisConnection subscribed, Runnable listener) {
        // subscribing blocks until the subscription is lost
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
                BlockingLink.this.commandTimeout, BlockingLink.this.nanoClock, BlockingLink.this.onReconnected);

        private final ThreadPoolExecutor wanting = pool("redis-wanting", WANTING_THREADS);

        private final ThreadPoolExecutor having = pool("redis-having", HAVING_THREADS);

        private static ThreadPoolExecutor pool(String name, int threads) {
            return DaemonThreads.pool(name, threads, ServerWatch.MOST_UNDER_WAY);
        }

        /** The call is completed, whatever happens. */
        void submit(PendingCall call, Lane lane) {
            String refusal = BlockingLink.this.closed ? "the store is closed" : this.watch.enter();
            if (refusal != null) {
                call.notSent(refusal, null);
                return;
            }
            long deadline = BlockingLink.this.nanoClock.getAsLong() + BlockingLink.this.commandTimeout.toNanos();
            boolean probing = this.watch.isDown();
            try {
                (lane == Lane.HAVING ? this.having : this.wanting).execute(() -> run(call, probing, deadline));
            } catch (RuntimeException | Error ex) {
                notSent(call, "no thread for it (" + CommandFailures.why(ex) + ")", ex);
            }
        }

        private void run(PendingCall call, boolean probing, long deadline) {
            if (deadline - BlockingLink.this.nanoClock.getAsLong() <= 0) {
                notSent(call, "too many commands wait for an answer", null);
            } else if (!probing && this.watch.isDown()) {
                notSent(call, this.watch.why(), null);
            } else {
                RedisConnection connection;
                try {
                    connection = BlockingLink.this.factory.getConnection();
                } catch (RuntimeException | Error ex) {
                    unreachable(call, ex);
                    return;
                }
                if (connection instanceof RedisClusterConnection && !BlockingLink.this.clustered) {
                    BlockingLink.this.clustered = true;
                    discover();
                }
                run(call, connection);
                Connections.close(connection);
            }
        }

        private void run(PendingCall call, RedisConnection connection) {
            try {
                Object reply = call.evaluate(connection);
                this.watch.answered();
                call.result.complete(ScriptReply.of(reply));
            } catch (RuntimeException | Error ex) {
                if (CommandFailures.isReply(ex)) {
                    this.watch.answered();
                    call.failed(ex);
                } else if (CommandFailures.couldNotConnect(ex) && !BlockingLink.this.clustered) {
                    unreachable(call, ex);
                } else {
                    // in a cluster, the driver may have sent the command before it tried to connect to another node
                    this.watch.broken(CommandFailures.noConnection(ex));
                    this.watch.unanswered();
                    call.failed(ex);
                    if (BlockingLink.this.clustered) {
                        discover();
                    }
                }
            }
        }

        private void unreachable(PendingCall call, Throwable failure) {
            String why = CommandFailures.noConnection(failure);
            if (!CommandFailures.isLocal(failure)) {
                this.watch.lost(why);
            }
            notSent(call, why, failure);
        }

        private void notSent(PendingCall call, String why, @Nullable Throwable cause) {
            this.watch.unanswered();
            call.notSent(why, cause);
        }
    }

    /** A call and what becomes of it. */
    private record PendingCall(ScriptCall call, CompletableFuture<ScriptReply> result) {

        Object evaluate(RedisConnection connection) {
            byte[][] parameters = this.call.keysAndArguments();
            int keys = this.call.keys().length;
            Object reply;
            try {
                reply = connection
                        .scriptingCommands()
                        .evalSha(this.call.script().sha(), this.call.script().returnType(), keys, parameters);
            } catch (RuntimeException ex) {
                if (!CommandFailures.isUnknownScript(ex)) {
                    throw ex;
                }
                reply = connection
                        .scriptingCommands()
                        .eval(this.call.script().text(), this.call.script().returnType(), keys, parameters);
            }
            if (reply == null) {
                throw new IllegalStateException("the reply is null: the connection is in a pipeline or transaction");
            }
            return reply;
        }

        void failed(Throwable failure) {
            this.result.completeExceptionally(CommandFailures.of(this.call, failure));
        }

        void notSent(String why, @Nullable Throwable cause) {
            this.result.completeExceptionally(CommandFailures.notSent(this.call, why, cause));
        }
    }
}
