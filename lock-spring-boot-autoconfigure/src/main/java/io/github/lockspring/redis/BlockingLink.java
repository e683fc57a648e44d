package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.Subscription;

/**
 * Runs scripts through a driver that blocks, such as Jedis: on a few threads for those who want a lock, and on others
 * for those who have one, so that neither connecting nor a slow server delays a renewal behind acquisitions.
 */
final class BlockingLink implements RedisLink {

    /** With those that have a lock and the subscription one less than a pool of Jedis has connections by default. */
    private static final int WANTING_THREADS = 4;

    private static final int HAVING_THREADS = 2;

    /** How many calls may wait for a thread. */
    private static final int CAPACITY = 10_000;

    /** How many calls one thread makes one after the other: Spring Data does not pipeline scripts with Jedis. */
    private static final int BATCH = 100;

    private final RedisConnectionFactory factory;

    private final Duration commandTimeout;

    private final LongSupplier nanoClock;

    private final ThreadPoolExecutor wanting = DaemonThreads.pool("redis-wanting", WANTING_THREADS, CAPACITY);

    private final ThreadPoolExecutor having = DaemonThreads.pool("redis-having", HAVING_THREADS, CAPACITY);

    private volatile boolean clustered;

    BlockingLink(RedisConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock) {
        this.factory = factory;
        this.commandTimeout = commandTimeout;
        this.nanoClock = nanoClock;
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        return runAll(List.of(call), lane).get(0);
    }

    @Override
    public List<CompletableFuture<ScriptReply>> runAll(List<ScriptCall> calls, Lane lane) {
        List<PendingCall> pending = calls.stream().map(PendingCall::new).toList();
        for (int from = 0; from < pending.size(); from += BATCH) {
            submit(pending.subList(from, Math.min(from + BATCH, pending.size())), lane);
        }
        return pending.stream().map(PendingCall::result).toList();
    }

    private void submit(List<PendingCall> batch, Lane lane) {
        long deadline = this.nanoClock.getAsLong() + this.commandTimeout.toNanos();
        try {
            (lane == Lane.HAVING ? this.having : this.wanting).execute(() -> run(batch, deadline));
        } catch (RejectedExecutionException ex) {
            batch.forEach(call -> call.notSent("the store is closed, or too many commands wait for a thread", ex));
        }
    }

    private void run(List<PendingCall> batch, long deadline) {
        RedisConnection connection = null;
        try {
            for (PendingCall call : batch) {
                if (deadline - this.nanoClock.getAsLong() <= 0) {
                    call.notSent("too many commands wait for an answer", null);
                    continue;
                }
                if (connection == null) {
                    connection = connect(call);
                }
                if (connection != null) {
                    call.run(connection);
                }
            }
        } finally {
            close(connection);
        }
    }

    private @Nullable RedisConnection connect(PendingCall call) {
        try {
            RedisConnection connection = this.factory.getConnection();
            this.clustered = connection instanceof RedisClusterConnection;
            return connection;
        } catch (RuntimeException ex) {
            call.notSent(CommandFailures.noConnection(ex), ex);
            return null;
        }
    }

    private static void close(@Nullable RedisConnection connection) {
        if (connection != null) {
            Connections.close(connection);
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
    public void close() {
        WorkerThreads.end(List.of(this.wanting, this.having), this.commandTimeout);
    }

    /** A call and what becomes of it. */
    private record PendingCall(ScriptCall call, CompletableFuture<ScriptReply> result) {

        PendingCall(ScriptCall call) {
            this(call, new CompletableFuture<>());
        }

        void run(RedisConnection connection) {
            try {
                this.result.complete(ScriptReply.of(evaluate(connection)));
            } catch (RuntimeException ex) {
                if (connectsOnce(connection) && CommandFailures.couldNotConnect(ex)) {
                    notSent(CommandFailures.noConnection(ex), ex);
                } else {
                    this.result.completeExceptionally(CommandFailures.of(this.call, ex));
                }
            }
        }

        /** In a cluster, the driver may have sent the command before it tried to connect to another node. */
        private static boolean connectsOnce(RedisConnection connection) {
            return !(connection instanceof RedisClusterConnection);
        }

        private Object evaluate(RedisConnection connection) {
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

        void notSent(String why, @Nullable RuntimeException cause) {
            this.result.completeExceptionally(CommandFailures.notSent(this.call, why, cause));
        }
    }
}
