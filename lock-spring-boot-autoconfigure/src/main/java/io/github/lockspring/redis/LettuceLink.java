package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.StageFailures;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Runs scripts through Lettuce without blocking any thread; replies arrive on its event loop. With the other classes of
 * that name the only one that loads Lettuce's types. Commands and subscription have connections of the store's own, made
 * as the factory makes its own; only where the factory alone knows the servers, commands go over one of the factory's.
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

    private final LettuceThreads threads;

    /** Whether the server has refused digests only; a new connection may be to a server that accepts them. */
    private volatile boolean inFull;

    LettuceLink(
            LettuceConnectionFactory factory,
            RedisLockStoreSettings settings,
            LongSupplier nanoClock,
            Runnable onReconnected) {
        this.factory = factory;
        Duration patience = settings.commandTimeout();
        Runnable onReturn = () -> {
            this.inFull = false;
            onReconnected.run();
        };
        this.newWatch = () -> new ServerWatch(patience, nanoClock, onReturn, () -> {});
        this.watch = new ServerWatch(patience, nanoClock, onReturn, this::silent);
        this.threads =
                new LettuceThreads(() -> factory.getRequiredNativeClient().getResources());
        LettuceThreads batching = settings.batchCommands() ? this.threads : null;
        checkPool(factory);
        this.connector = new Connector<>(
                () -> LettuceSession.open(factory, patience, batching, this::lost),
                this.connecting,
                patience,
                this.watch);
    }

    /** Commands take a connection of a pool only where the factory alone knows the servers, and shares none. */
    private static void checkPool(LettuceConnectionFactory factory) {
        ConnectionPool pool = ConnectionPool.of(factory, 1);
        if (pool != null
                && !factory.getShareNativeConnection()
                && !factory.isClusterAware()
                && factory.getClientConfiguration().getReadFrom().isPresent()) {
            pool.check();
        }
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        if (!this.factory.isRunning()) {
            return CompletableFuture.failedFuture(
                    CommandFailures.notSent(call, "the connection factory is stopped", null));
        }
        return this.connector
                .connection(call)
                .thenCompose(session -> send(session, call, this.inFull))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(CommandFailures.of(call, failure)));
    }

    private CompletableFuture<ScriptReply> send(LettuceSession session, ScriptCall call, boolean inFull) {
        ServerWatch server = watchOf(session, call);
        LockStoreException refusal = session.isOpen() ? server.enter(call) : CommandFailures.notSent(call, LOST, null);
        if (refusal != null) {
            if (!session.isOpen()) {
                this.connector.discard(session, LOST);
            }
            return CompletableFuture.failedFuture(refusal);
        }
        // what the driver throws counts like what its future fails with
        return CompletableFuture.completedFuture(call)
                .thenCompose(sent -> session.send(sent, inFull))
                .whenComplete((reply, failure) -> note(server, failure))
                .thenApply(ScriptReply::new)
                .exceptionallyCompose(failure -> failed(session, call, inFull, StageFailures.unwrap(failure)));
    }

    private ServerWatch watchOf(LettuceSession session, ScriptCall call) {
        String server = session.serverOf(call);
        return server == null ? this.watch : this.watches.computeIfAbsent(server, name -> this.newWatch.get());
    }

    private static void note(ServerWatch server, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : StageFailures.unwrap(failure);
        if (cause == null || cause instanceof RedisCommandExecutionException) {
            server.answered();
            return;
        }
        if (cause instanceof RedisConnectionException) {
            server.lost(cause);
        }
        server.unanswered();
    }

    private CompletableFuture<ScriptReply> failed(
            LettuceSession session, ScriptCall call, boolean inFull, Throwable failure) {
        if (!inFull && CommandFailures.says(failure, "NOSCRIPT")) {
            // EVAL makes the script known to the very server that asked for it, and needs no second round trip
            return send(session, call, true);
        }
        if (!inFull && ServerRefusal.isOfDigests(failure)) {
            return send(session, call, true).whenComplete((reply, refused) -> this.inFull |= refused == null);
        }
        if (CommandFailures.says(failure, LettucePipeline.CLOSED)) {
            // the factory was stopped, and may be started again
            lost(session);
        }
        if (session instanceof LettucePipeline && CommandFailures.isNotWritten(failure)) {
            return CompletableFuture.failedFuture(
                    CommandFailures.notSent(call, "the driver refused it (" + failure.getMessage() + ")", failure));
        }
        if (session.isOfNoUse(failure)) {
            this.connector.discard(session, CommandFailures.noConnection(failure));
        }
        return CompletableFuture.failedFuture(failure);
    }

    /** Its connection may be dead, without a word: the next try is a new one. */
    private void silent() {
        LettuceSession session = this.connector.present();
        if (session != null && session.isReplacedWhenSilent() && this.watch.isDown()) {
            this.connector.discard(session, this.watch.why());
        }
    }

    private void lost(LettuceSession session) {
        this.connector.discard(session, LOST);
    }

    @Override
    public boolean clustered() {
        return this.factory.isClusterAware();
    }

    @Override
    public GrantConnection connectReceiver() {
        return new LettuceGrantConnection(this.factory.getRequiredNativeClient());
    }

    @Override
    public boolean mustNotBlock(Thread thread) {
        return RedisLink.super.mustNotBlock(thread) || this.threads.include(thread);
    }

    @Override
    public void reachable() {
        this.inFull = false;
        this.watch.tryAtOnce();
    }

    @Override
    public void close() {
        this.connector.close();
        this.connecting.shutdown();
        this.threads.close();
    }
}
