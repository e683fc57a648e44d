package io.github.lockspring.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Runs scripts through Lettuce without blocking any thread; replies arrive on its event loop. The only class that loads
 * Lettuce's types. Commands are pipelined by the driver, on the connection that it shares with the application unless
 * sharing is switched off: then on one of its own.
 */
final class LettuceLink implements RedisLink {

    /** A command that is still in the driver's buffer after that many time-outs is taken out of it. */
    private static final int TIMEOUTS_UNTIL_DROPPED = 2;

    private final long dropAfterMillis;

    private final ThreadPoolExecutor connecting = WorkerThreads.bounded("lock-redis-connect", 1, 16);

    private final Connector<Session> connector;

    private volatile boolean lastClustered;

    private LettuceLink(RedisConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock) {
        this.dropAfterMillis = commandTimeout.toMillis() * TIMEOUTS_UNTIL_DROPPED;
        this.connector = new Connector<>(
                () -> Session.open(factory), Session::close, this.connecting, commandTimeout, nanoClock);
    }

    static boolean supports(RedisConnectionFactory factory) {
        return factory instanceof LettuceConnectionFactory;
    }

    static RedisLink over(RedisConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock) {
        return new LettuceLink(factory, commandTimeout, nanoClock);
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        CompletableFuture<ScriptReply> result = new CompletableFuture<>();
        this.connector.use(
                session -> send(session, call, result), failure -> result.completeExceptionally(failure), call);
        return result;
    }

    @Override
    public List<CompletableFuture<ScriptReply>> runAll(List<ScriptCall> calls, Lane lane) {
        List<CompletableFuture<ScriptReply>> results = new ArrayList<>(calls.size());
        for (ScriptCall call : calls) {
            results.add(run(call, lane));
        }
        return results;
    }

    private void send(Session session, ScriptCall call, CompletableFuture<ScriptReply> result) {
        try {
            session.evalSha(call, this.dropAfterMillis).whenComplete((reply, failure) -> {
                if (failure != null && CommandFailures.isUnknownScript(failure)) {
                    sendText(session, call, result);
                } else {
                    answer(session, call, result, reply, failure);
                }
            });
        } catch (RuntimeException ex) {
            answer(session, call, result, List.of(), ex);
        }
    }

    /** EVAL makes the script known to the very server that asked for it, and needs no second round trip. */
    private void sendText(Session session, ScriptCall call, CompletableFuture<ScriptReply> result) {
        try {
            session.eval(call, this.dropAfterMillis)
                    .whenComplete((reply, failure) -> answer(session, call, result, reply, failure));
        } catch (RuntimeException ex) {
            answer(session, call, result, List.of(), ex);
        }
    }

    private void answer(
            Session session,
            ScriptCall call,
            CompletableFuture<ScriptReply> result,
            @Nullable List<?> reply,
            @Nullable Throwable failure) {
        if (failure == null && reply != null) {
            result.complete(new ScriptReply(reply));
            return;
        }
        Throwable cause = failure != null ? failure : new IllegalStateException("the reply is null");
        if (CommandFailures.isClosedConnection(cause)) {
            this.connector.discard(session);
            result.completeExceptionally(CommandFailures.notSent(call, "the connection was closed", cause));
        } else {
            result.completeExceptionally(CommandFailures.of(call, cause));
        }
    }

    @Override
    public boolean clustered() {
        Session session = this.connector.present();
        if (session != null) {
            this.lastClustered = session.clustered();
        }
        return this.lastClustered;
    }

    @Override
    public void onSubscriptionLost(RedisConnection subscribed, Runnable listener) {
        if (subscribed.getNativeConnection() instanceof RedisPubSubAsyncCommands<?, ?> subscription) {
            subscription.getStatefulConnection().addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                    listener.run();
                }
            });
        }
    }

    @Override
    public void endSubscription(RedisConnection subscribed) {
        // nobody is blocked by it
    }

    @Override
    public void close() {
        this.connector.close();
        this.connecting.shutdown();
    }

    /** The connection, kept open in case it is not the shared one. */
    private record Session(
            RedisConnection connection, RedisClusterAsyncCommands<byte[], byte[]> commands, boolean clustered) {

        @SuppressWarnings("unchecked")
        static Session open(RedisConnectionFactory factory) {
            RedisConnection connection = factory.getConnection();
            return new Session(
                    connection,
                    (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection(),
                    connection instanceof RedisClusterConnection);
        }

        CompletionStage<List<?>> evalSha(ScriptCall call, long dropAfterMillis) {
            return this.commands
                    .<List<?>>evalsha(call.script().sha(), ScriptOutputType.MULTI, call.keys(), call.arguments())
                    .toCompletableFuture()
                    .orTimeout(dropAfterMillis, TimeUnit.MILLISECONDS);
        }

        CompletionStage<List<?>> eval(ScriptCall call, long dropAfterMillis) {
            return this.commands
                    .<List<?>>eval(call.script().text(), ScriptOutputType.MULTI, call.keys(), call.arguments())
                    .toCompletableFuture()
                    .orTimeout(dropAfterMillis, TimeUnit.MILLISECONDS);
        }

        void close() {
            Connections.close(this.connection);
        }
    }
}
