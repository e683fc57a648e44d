package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.StageFailures;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Runs scripts through Lettuce without blocking any thread; replies arrive on its event loop. With the other classes of
 * that name the only one that loads Lettuce's types. Commands and subscription have connections of the store's own,
 * made as the factory makes its own; only where the factory alone knows the servers, commands go over one of the
 * factory's.
 */
final class LettuceLink implements RedisLink {

    private static final long REFRESH_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String LOST = "no connection (it was lost)";

    private final LettuceConnectionFactory factory;

    private final Duration patience;

    /** Notified of every new connection, and of every server that is back. */
    private final Runnable onReturn;

    private final OutageLog outages;

    private final ServerWatch watch;

    /** Of the servers of a cluster. */
    private final ClusterWatches watches;

    private final ThreadPoolExecutor connecting = DaemonThreads.pool("redis-connect", 1, 16);

    /** Another one: to replace a connection may take long, and is not urgent. */
    private final ThreadPoolExecutor replacing = DaemonThreads.pool("redis-replace", 1, 1);

    private final Connector<LettuceSession> connector;

    private final LettuceThreads threads;

    private final @Nullable LettuceThreads batching;

    private final LongSupplier nanoClock;

    /** The newest query for the servers of a cluster. */
    private final AtomicReference<@Nullable Refresh> refresh = new AtomicReference<>();

    /** Whether the server has refused digests only; a new connection may be to a server that accepts them. */
    private volatile boolean inFull;

    LettuceLink(
            LettuceConnectionFactory factory,
            RedisLockStoreSettings settings,
            RedisServerLabel server,
            LongSupplier nanoClock,
            Runnable onReconnected) {
        this.factory = factory;
        this.nanoClock = nanoClock;
        this.patience = settings.commandTimeout();
        this.onReturn = () -> {
            this.inFull = false;
            onReconnected.run();
        };
        this.outages = OutageLog.of(factory, server, nanoClock);
        this.watch = new ServerWatch(this.patience, nanoClock, this.outages, this.onReturn, this::silent);
        this.watches = new ClusterWatches(
                (node, onSilence) -> new ServerWatch(
                        this.patience, nanoClock, this.outages.ofServer(node), this.onReturn, onSilence),
                nanoClock,
                this.patience,
                this::replace);
        this.threads =
                new LettuceThreads(() -> factory.getRequiredNativeClient().getResources());
        this.batching = settings.batchCommands() ? this.threads : null;
        ConnectionPool pool = LettuceRoutes.poolOf(factory);
        if (pool != null && factory.getClientConfiguration().getReadFrom().isPresent()) {
            pool.check();
        }
        this.connector = new Connector<>(this::open, this.connecting, this.patience, this.watch, pool);
    }

    private LettuceSession open() {
        return LettuceSession.open(this.factory, this.patience, this.batching, this::lost);
    }

    @Override
    public CompletableFuture<ScriptReply> run(ScriptCall call, Lane lane) {
        if (!this.factory.isRunning()) {
            return CompletableFuture.failedFuture(
                    CommandFailures.notSent(call, "the connection factory is stopped", null));
        }
        return this.connector
                .connection(call)
                .thenCompose(session -> send(session, call, this.inFull, false))
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(CommandFailures.of(call, failure, clustered())));
    }

    private CompletableFuture<ScriptReply> send(
            LettuceSession session, ScriptCall call, boolean inFull, boolean again) {
        ServerWatch server = watchOf(session, call);
        LockStoreException refusal = session.isOpen() ? server.enter(call) : CommandFailures.notSent(call, LOST, null);
        if (refusal != null) {
            if (!session.isOpen()) {
                this.connector.discard(session, LOST);
            }
            return CompletableFuture.failedFuture(refusal);
        }
        // an exception of the driver counts like a failure of its future
        return CompletableFuture.completedFuture(call)
                .thenCompose(sent -> session.send(sent, inFull))
                .whenComplete((reply, failure) -> note(session, server, failure))
                .thenApply(ScriptReply::new)
                .exceptionallyCompose(failure -> failed(session, call, inFull, again, StageFailures.unwrap(failure)));
    }

    private ServerWatch watchOf(LettuceSession session, ScriptCall call) {
        String server = session.serverOf(call);
        return server == null ? this.watch : this.watches.of(server);
    }

    /** Answers on a session that is given up, or about to be, do not end the outage that begins when it is given up. */
    private void note(LettuceSession session, ServerWatch server, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : StageFailures.unwrap(failure);
        if (session != this.connector.present() || cause != null && session.isOfNoUse(cause)) {
            server.withdrawn();
            return;
        }
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
            LettuceSession session, ScriptCall call, boolean inFull, boolean again, Throwable failure) {
        if (!again && ServerRefusal.of(failure) == ServerRefusal.NO_PARTITION) {
            // the view of a cluster that fails over, or grows, may lack servers for a while
            return refreshed(session).thenCompose(nothing -> send(session, call, inFull, true));
        }
        if (!inFull && CommandFailures.says(failure, "NOSCRIPT")) {
            // EVAL makes the script known to the very server that asked for it, and needs no second round trip
            return send(session, call, true, again);
        }
        if (!inFull && ServerRefusal.isOfDigests(failure)) {
            return send(session, call, true, again).whenComplete((reply, refused) -> this.inFull |= refused == null);
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
            if (ServerRefusal.of(failure) != null) {
                this.outages.down(failure);
            }
            this.connector.discard(session, CommandFailures.noConnection(failure));
        }
        return CompletableFuture.failedFuture(failure);
    }

    /**
     * Lets the driver query the servers of the cluster again, at most once a second; done when it has succeeded or
     * failed.
     */
    private CompletableFuture<Void> refreshed(LettuceSession session) {
        long now = this.nanoClock.getAsLong();
        Refresh known = this.refresh.get();
        if (known != null && now - known.at() < REFRESH_EVERY_NANOS) {
            return known.done();
        }
        Refresh mine = new Refresh(now, new CompletableFuture<>());
        Refresh theirs = this.refresh.compareAndExchange(known, mine);
        if (theirs != null && !theirs.equals(known)) {
            return theirs.done();
        }
        CompletableFuture<Void> unused = CompletableFuture.completedFuture(session)
                .thenCompose(LettuceSession::refresh)
                .whenComplete((nothing, failure) -> mine.done().complete(null));
        return mine.done();
    }

    /** Its connection may be dead, without a word: the next try is a new one. */
    private void silent() {
        LettuceSession session = this.connector.present();
        if (session != null && session.isReplacedWhenSilent() && this.watch.isDown()) {
            this.connector.discard(session, this.watch.why());
        }
    }

    /** One of several servers is silent. The others keep the present connection until the next one leads to them. */
    private void replace(Runnable onReplaced) {
        LettuceSession session = this.connector.present();
        if (session != null) {
            this.connector.replace(session, this.replacing, this::openNext, () -> {
                onReplaced.run();
                this.watches.tryAtOnce();
                this.onReturn.run();
            });
        }
    }

    private LettuceSession openNext() {
        LettuceSession next = open();
        try {
            next.connectTo(this.watches.inUse()).join();
            return next;
        } catch (RuntimeException | Error ex) {
            next.close();
            throw ex;
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
    public boolean sharesConnections() {
        return true;
    }

    @Override
    public @Nullable String serverOf(ScriptCall call) {
        LettuceSession session = this.connector.present();
        return session == null ? null : session.serverOf(call);
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
        this.outages.up();
        this.watch.tryAtOnce();
        this.watches.tryAtOnce();
    }

    @Override
    public void unreachable(Throwable failure) {
        this.outages.down(failure);
    }

    @Override
    public void close() {
        this.connector.close();
        this.connecting.shutdown();
        this.replacing.shutdown();
        this.threads.close();
    }

    private record Refresh(long at, CompletableFuture<Void> done) {}
}
