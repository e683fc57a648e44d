package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
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
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Runs scripts through Lettuce without blocking any thread; replies arrive on its event loop. The only class that loads
 * Lettuce's types, with its {@link LettucePipeline}. Commands are pipelined, on the connection that the driver shares with
 * the application unless sharing is switched off: then on one of its own.
 */
final class LettuceLink implements RedisLink {

    private final long dropAfterMillis;

    private final ThreadPoolExecutor connecting = DaemonThreads.pool("redis-connect", 1, 16);

    private final Connector<Session> connector;

    private final boolean clustered;

    private LettuceLink(LettuceConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock) {
        this.clustered = factory.isClusterAware();
        this.dropAfterMillis = commandTimeout.toMillis();
        this.connector = new Connector<>(
                () -> Session.open(factory, this.dropAfterMillis),
                Session::close,
                this.connecting,
                commandTimeout,
                nanoClock);
    }

    static boolean supports(RedisConnectionFactory factory) {
        return factory instanceof LettuceConnectionFactory;
    }

    static RedisLink over(RedisConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock) {
        return new LettuceLink((LettuceConnectionFactory) factory, commandTimeout, nanoClock);
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
            closed(session, call, result, ex);
        }
    }

    /** EVAL makes the script known to the very server that asked for it, and needs no second round trip. */
    private void sendText(Session session, ScriptCall call, CompletableFuture<ScriptReply> result) {
        try {
            session.eval(call, this.dropAfterMillis)
                    .whenComplete((reply, failure) -> answer(session, call, result, reply, failure));
        } catch (RuntimeException ex) {
            closed(session, call, result, ex);
        }
    }

    private void answer(
            Session session,
            ScriptCall call,
            CompletableFuture<ScriptReply> result,
            @Nullable Object reply,
            @Nullable Throwable failure) {
        if (failure == null && reply != null) {
            result.complete(ScriptReply.of(reply));
            return;
        }
        Throwable cause = failure != null ? failure : new IllegalStateException("the reply is null");
        if (CommandFailures.isClosedConnection(cause)) {
            closed(session, call, result, cause);
        } else {
            result.completeExceptionally(CommandFailures.of(call, cause));
        }
    }

    /** The driver takes no commands on this connection any more: its factory was stopped, and may be started again. */
    private void closed(Session session, ScriptCall call, CompletableFuture<ScriptReply> result, Throwable cause) {
        this.connector.discard(session);
        result.completeExceptionally(
                CommandFailures.notSent(call, "the connection was closed (" + cause.getMessage() + ")", cause));
    }

    @Override
    public boolean clustered() {
        return this.clustered;
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

    /**
     * The connection.
     *
     * @param connection kept open in case it is not the shared one
     * @param commands what it understands
     * @param pipeline to the server, if there is only one
     */
    private record Session(
            RedisConnection connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            @Nullable LettucePipeline pipeline) {

        @SuppressWarnings("unchecked")
        static Session open(RedisConnectionFactory factory, long dropAfterMillis) {
            RedisConnection connection = factory.getConnection();
            RedisClusterAsyncCommands<byte[], byte[]> commands =
                    (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
            return new Session(connection, commands, pipelineOf(commands, dropAfterMillis));
        }

        /** Deprecated because others have the connection itself; Spring Data hands out nothing but its commands. */
        @SuppressWarnings("deprecation")
        private static @Nullable LettucePipeline pipelineOf(
                RedisClusterAsyncCommands<byte[], byte[]> commands, long dropAfterMillis) {
            return commands instanceof RedisAsyncCommands<byte[], byte[]> single
                    ? new LettucePipeline(single.getStatefulConnection(), dropAfterMillis)
                    : null;
        }

        CompletionStage<?> evalSha(ScriptCall call, long dropAfterMillis) {
            return this.pipeline != null
                    ? this.pipeline.evalSha(call)
                    : inTime(
                            this.commands.evalsha(call.script().sha(), outputType(call), call.keys(), call.arguments()),
                            dropAfterMillis);
        }

        CompletionStage<?> eval(ScriptCall call, long dropAfterMillis) {
            return this.pipeline != null
                    ? this.pipeline.eval(call)
                    : inTime(
                            this.commands.eval(call.script().text(), outputType(call), call.keys(), call.arguments()),
                            dropAfterMillis);
        }

        private static ScriptOutputType outputType(ScriptCall call) {
            return switch (call.script().returnType()) {
                case INTEGER -> ScriptOutputType.INTEGER;
                case VALUE -> ScriptOutputType.VALUE;
                default -> ScriptOutputType.MULTI;
            };
        }

        /** In a cluster any server may be down, and what the others answered must not wait for it. */
        private static CompletionStage<?> inTime(RedisFuture<Object> sent, long dropAfterMillis) {
            return sent.toCompletableFuture().orTimeout(dropAfterMillis, TimeUnit.MILLISECONDS);
        }

        void close() {
            if (this.pipeline != null) {
                this.pipeline.close();
            }
            Connections.close(this.connection);
        }
    }
}
