package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;

/**
 * Runs scripts through a driver that blocks, such as Jedis: on a few threads for commands that request a lock, and on
 * others for commands of owners that have one, so that neither connecting nor a slow server delays a renewal behind
 * acquisitions. Every server of a cluster has its own threads, so that a server that hangs does not occupy those of the
 * others.
 */
final class BlockingLink implements RedisLink {

    private static final Logger log = LoggerFactory.getLogger(BlockingLink.class);

    private static final String CLOSED = "the store is closed";

    private final RedisConnectionFactory factory;

    private final Duration commandTimeout;

    private final LongSupplier nanoClock;

    private final Runnable onReconnected;

    private final @Nullable ConnectionPool pool;

    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    private final BlockingTopology topology;

    private final OutageLog outages;

    private volatile boolean closed;

    /** Whether the server has refused digests only; a new connection may be to a server that accepts them. */
    private volatile boolean inFull;

    BlockingLink(
            RedisConnectionFactory factory,
            RedisLockStoreSettings settings,
            RedisServerLabel server,
            LongSupplier nanoClock,
            Runnable onReconnected) {
        this.factory = factory;
        this.topology = new BlockingTopology(factory);
        this.outages = OutageLog.of(factory, server, nanoClock);
        this.commandTimeout = settings.commandTimeout();
        this.nanoClock = nanoClock;
        this.onReconnected = () -> {
            this.inFull = false;
            onReconnected.run();
        };
        this.pool = ConnectionPool.of(factory, BlockingThreads.ALL + (settings.subscribe() ? 1 : 0));
        if (this.pool != null) {
            this.pool.check();
        }
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        return this.servers
                .computeIfAbsent(this.topology.serverOf(call), Server::new)
                .run(call, lane);
    }

    @Override
    public boolean clustered() {
        return this.topology.isCluster();
    }

    @Override
    public @Nullable String serverOf(ScriptCall call) {
        String server = this.topology.serverOf(call);
        return server.equals(BlockingTopology.ANY_SERVER) ? null : server;
    }

    @Override
    public GrantConnection connectReceiver() {
        if (this.pool != null && this.pool.hasAtMost(1)) {
            throw new UnsupportedOperationException("it would occupy the only connection of the pool: increase '"
                    + this.pool.property() + "' (now " + this.pool.size() + ")");
        }
        return new BlockingGrantConnection(this.factory.getConnection());
    }

    @Override
    public void reachable() {
        this.inFull = false;
        this.outages.up();
        this.servers.values().forEach(server -> server.watch.tryAtOnce());
    }

    @Override
    public void unreachable(Throwable failure) {
        this.outages.down(failure);
    }

    /** Accepts no new commands, and lets those in flight finish, within limits. */
    @Override
    public void close() {
        this.closed = true;
        this.topology.close();
        List<ThreadPoolExecutor> executors = new ArrayList<>();
        this.servers.values().forEach(server -> executors.addAll(server.threads.executors()));
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

        private final BlockingThreads threads =
                new BlockingThreads(BlockingLink.this.pool, BlockingLink.this.nanoClock);

        private final ServerWatch watch;

        Server(String name) {
            BlockingLink link = BlockingLink.this;
            OutageLog its = name.equals(BlockingTopology.ANY_SERVER) ? link.outages : link.outages.ofServer(name);
            this.watch = new ServerWatch(link.commandTimeout, link.nanoClock, its, link.onReconnected, () -> {}) {
                @Override
                boolean isAwaited() {
                    return Server.this.threads.waitForServer();
                }
            };
        }

        /**
         * The future is always completed, unless the driver never returns. A command that has not begun after nine
         * tenths of its time is no longer sent, so that its caller gets the reason.
         */
        CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
            LockStoreException refusal =
                    BlockingLink.this.closed ? CommandFailures.notSent(call, CLOSED, null) : this.watch.enter(call);
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            CompletableFuture<ScriptReply> result = new CompletableFuture<>();
            AtomicBoolean begun = new AtomicBoolean();
            boolean probing = this.watch.isDown();
            CompletableFuture<Void> timer = new CompletableFuture<>();
            CompletableFuture<?> unused = timer.whenComplete((done, failure) -> {
                if (failure != null) {
                    late(call, begun, result, failure);
                }
            });
            try {
                timer.orTimeout(BlockingLink.this.commandTimeout.toNanos() / 10 * 9, TimeUnit.NANOSECONDS);
                this.threads.execute(lane, () -> run(call, probing, begun, result));
            } catch (RuntimeException | Error ex) {
                this.watch.withdrawn();
                timer.completeExceptionally(ex);
            }
            return result.whenComplete((reply, failure) -> timer.complete(null));
        }

        /** Some drivers take a connection out of the pool only when they send. */
        private void late(
                ScriptCall call, AtomicBoolean begun, CompletableFuture<ScriptReply> result, Throwable failure) {
            if (begun.compareAndSet(false, true)) {
                String why = BlockingLink.this.closed ? CLOSED : this.threads.why(failure);
                result.completeExceptionally(CommandFailures.notSent(call, why, failure));
            } else if (this.threads.waitForPool()) {
                String why = "Redis may still run " + call + ": " + ConnectionPool.advice(BlockingLink.this.pool);
                result.completeExceptionally(new LockStoreException(why, failure, LockStoreException.Outcome.UNKNOWN));
            }
        }

        /** Giving back the connection may take its time: the result does not wait for that. */
        private void run(ScriptCall call, boolean probing, AtomicBoolean begun, CompletableFuture<ScriptReply> result) {
            RedisConnection connection = null;
            Throwable failure = null;
            try {
                if (!begun.get() && (probing || !this.watch.isDown())) {
                    connection = BlockingLink.this.factory.getConnection();
                }
            } catch (RuntimeException | Error ex) {
                failure = ex;
            }
            // an interrupt was meant for the driver, not for code that receives the result on this thread
            boolean unused = Thread.interrupted();
            try {
                if (!begun.compareAndSet(false, true)) {
                    this.watch.withdrawn();
                } else if (connection != null) {
                    BlockingLink.this.topology.connected(connection);
                    send(call, connection, result);
                } else if (failure != null) {
                    result.completeExceptionally(unreachable(call, failure));
                } else {
                    this.watch.withdrawn();
                    result.completeExceptionally(this.watch.notSent(call));
                }
            } finally {
                if (connection != null) {
                    RedisLink.close(connection);
                }
            }
        }

        private void send(ScriptCall call, RedisConnection connection, CompletableFuture<ScriptReply> result) {
            ScriptReply reply;
            try {
                reply = ScriptReply.of(evaluate(call, connection.scriptingCommands()));
            } catch (RuntimeException | Error ex) {
                boolean unused = Thread.interrupted();
                result.completeExceptionally(failed(call, ex));
                return;
            }
            this.watch.answered();
            boolean unused = Thread.interrupted();
            result.complete(reply);
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
            if (isOfConnecting(failure)) {
                return unreachable(call, failure);
            }
            LockStoreException told = CommandFailures.of(call, failure, clustered());
            if (CommandFailures.isReply(failure)) {
                this.watch.answered();
            } else {
                this.watch.broken(CommandFailures.noConnection(failure));
                BlockingLink.this.topology.discover();
                this.watch.unanswered();
            }
            return told;
        }

        /**
         * Whether nothing was sent, although the driver was asked to send: some connect only then. In a cluster it may
         * have sent the command before it tried to connect to another server.
         */
        private boolean isOfConnecting(Throwable failure) {
            ServerRefusal refusal = ServerRefusal.of(failure);
            return ConnectionPool.isExhausted(failure)
                    || refusal == ServerRefusal.PASSWORD
                    || refusal == ServerRefusal.DATABASE
                    || CommandFailures.couldNotConnect(failure) && !BlockingLink.this.topology.isCluster();
        }

        /** An exhausted pool does not mean anything for the state of the server. */
        private LockStoreException unreachable(ScriptCall call, Throwable failure) {
            Throwable explained = ConnectionPool.explained(failure, BlockingLink.this.pool);
            if (CommandFailures.isLocal(explained)) {
                this.watch.withdrawn();
            } else {
                this.watch.lost(explained);
                this.watch.unanswered();
            }
            return CommandFailures.notSent(call, CommandFailures.noConnection(explained), explained);
        }
    }
}
