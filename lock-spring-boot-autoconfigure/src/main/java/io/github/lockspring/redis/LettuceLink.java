package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.StageFailures;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Runs scripts through Lettuce without blocking any thread; replies arrive on its event loop. The only class that loads
 * Lettuce's types, with its {@link LettuceSession} and {@link LettucePipeline}. Where there is one server, commands are
 * pipelined on a connection of its own.
 */
final class LettuceLink implements RedisLink {

    private static final String LOST = "no connection (it was lost)";

    private final LettuceConnectionFactory factory;

    private final Supplier<ServerWatch> newWatch;

    private final ServerWatch watch;

    /** Of the servers of a cluster, which may be down one by one. */
    private final Map<String, ServerWatch> watches = new ConcurrentHashMap<>();

    private final ThreadPoolExecutor connecting = DaemonThreads.pool("redis-connect", 1, 16);

    private final Connector<LettuceSession> connector;

    private final boolean clustered;

    private LettuceLink(
            LettuceConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock, Runnable onReconnected) {
        this.factory = factory;
        this.clustered = factory.isClusterAware();
        this.newWatch = () -> new ServerWatch(commandTimeout, nanoClock, onReconnected);
        this.watch = this.newWatch.get();
        this.connector = new Connector<>(
                () -> LettuceSession.open(factory, commandTimeout, lost -> lost(lost)),
                LettuceSession::close,
                this.connecting,
                commandTimeout,
                this.watch);
    }

    static boolean supports(RedisConnectionFactory factory) {
        return factory instanceof LettuceConnectionFactory;
    }

    static RedisLink over(
            RedisConnectionFactory factory, Duration commandTimeout, LongSupplier nanoClock, Runnable onReconnected) {
        return new LettuceLink((LettuceConnectionFactory) factory, commandTimeout, nanoClock, onReconnected);
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        CompletableFuture<ScriptReply> result = new CompletableFuture<>();
        if (!this.factory.isRunning()) {
            result.completeExceptionally(CommandFailures.notSent(call, "the connection factory is stopped", null));
            return result;
        }
        this.connector.use(
                session -> {
                    if (session.isOpen()) {
                        trySend(session, call, result);
                    } else {
                        // lost just now: the next one may be had at once
                        lost(session);
                        this.connector.use(next -> trySend(next, call, result), result::completeExceptionally, call);
                    }
                },
                result::completeExceptionally,
                call);
        return result;
    }

    /** Whatever happens, the result is completed. */
    private void trySend(LettuceSession session, ScriptCall call, CompletableFuture<ScriptReply> result) {
        try {
            send(session, call, false, result);
        } catch (RuntimeException | Error ex) {
            result.completeExceptionally(CommandFailures.of(call, ex));
        }
    }

    private void send(LettuceSession session, ScriptCall call, boolean inFull, CompletableFuture<ScriptReply> result) {
        ServerWatch server = watchOf(session, call);
        String refusal = session.isOpen() ? server.enter() : LOST;
        if (refusal != null) {
            if (session.isOwn() && (server.isDown() || !session.isOpen())) {
                this.connector.discard(session, refusal);
            }
            result.completeExceptionally(CommandFailures.notSent(call, refusal, null));
        } else {
            sent(session, call, inFull).whenComplete((reply, failure) -> {
                try {
                    Throwable cause = failure == null ? null : StageFailures.unwrap(failure);
                    note(server, cause);
                    answer(session, call, inFull, result, reply, cause);
                } catch (RuntimeException | Error ex) {
                    result.completeExceptionally(CommandFailures.of(call, ex));
                }
            });
        }
    }

    private ServerWatch watchOf(LettuceSession session, ScriptCall call) {
        String server = session.serverOf(call);
        return server == null ? this.watch : this.watches.computeIfAbsent(server, name -> this.newWatch.get());
    }

    private static CompletionStage<?> sent(LettuceSession session, ScriptCall call, boolean inFull) {
        try {
            return session.send(call, inFull);
        } catch (RuntimeException | Error ex) {
            return CompletableFuture.failedFuture(ex);
        }
    }

    private static void note(ServerWatch server, @Nullable Throwable failure) {
        if (failure == null || failure instanceof RedisCommandExecutionException) {
            server.answered();
            return;
        }
        if (failure instanceof RedisConnectionException) {
            server.lost(CommandFailures.noConnection(failure));
        }
        server.unanswered();
    }

    private void answer(
            LettuceSession session,
            ScriptCall call,
            boolean inFull,
            CompletableFuture<ScriptReply> result,
            @Nullable Object reply,
            @Nullable Throwable failure) {
        if (failure == null && reply != null) {
            result.complete(ScriptReply.of(reply));
            return;
        }
        Throwable cause = failure != null ? failure : new IllegalStateException("the reply is null");
        if (!inFull && CommandFailures.isUnknownScript(cause)) {
            // EVAL makes the script known to the very server that asked for it, and needs no second round trip
            send(session, call, true, result);
        } else if (CommandFailures.isClosedConnection(cause)) {
            // the factory was stopped, and may be started again
            lost(session);
            result.completeExceptionally(
                    CommandFailures.notSent(call, "the connection was closed (" + cause.getMessage() + ")", cause));
        } else {
            if (session.isOwn() && CommandFailures.isReadOnly(cause)) {
                this.connector.discard(session, "the server has become a replica");
            }
            result.completeExceptionally(CommandFailures.of(call, cause));
        }
    }

    private void lost(LettuceSession session) {
        this.connector.discard(session, LOST);
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
        Connections.close(subscribed);
    }

    @Override
    public void reachable() {
        this.watch.tryAtOnce();
    }

    @Override
    public void close() {
        this.connector.close();
        this.connecting.shutdown();
    }
}
