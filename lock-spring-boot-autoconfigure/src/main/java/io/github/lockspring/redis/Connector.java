package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.Logged;
import io.github.lockspring.store.StageFailures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection, opened when it is first needed, by another thread, because connecting blocks. Commands that
 * need it in the meantime wait for the same attempt, for up to a command time-out, or a tenth of that if the previous
 * attempt failed; while the server is known to be down and there is no attempt, they fail immediately. An attempt ends
 * with any result, including an {@link Error}, and the next one may begin when the watch permits it.
 *
 * @param <S> the connection
 */
final class Connector<S extends Connector.Session> {

    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    /** A connection that this process has opened. */
    interface Session {

        /** Begins to close it, without waiting for that. Closing it again does nothing. */
        CompletionStage<Void> close();
    }

    private final Supplier<S> open;

    private final Executor executor;

    private final Duration patience;

    private final ServerWatch watch;

    private final @Nullable ConnectionPool pool;

    /** The attempt under way, or the one that gave the present connection. */
    private final AtomicReference<@Nullable Attempt<S>> attempt = new AtomicReference<>();

    private final AtomicReference<@Nullable S> present = new AtomicReference<>();

    /** The previous connection, while commands in flight on it may be answered. */
    private final AtomicReference<@Nullable S> retired = new AtomicReference<>();

    private final AtomicBoolean replacing = new AtomicBoolean();

    /** Whether the last attempt that ended did not give a connection. */
    private volatile boolean lastFailed;

    private final AtomicBoolean saidThatThePoolIsExhausted = new AtomicBoolean();

    private volatile boolean closed;

    /**
     * Creates a connector.
     *
     * @param pool where connections are taken from; null if they are made
     */
    Connector(
            Supplier<S> open, Executor executor, Duration patience, ServerWatch watch, @Nullable ConnectionPool pool) {
        this.pool = pool;
        this.open = open;
        this.executor = executor;
        this.patience = patience;
        this.watch = watch;
    }

    /** The connection, immediately if there is one; fails with {@link LockStoreException}. */
    CompletableFuture<S> connection(Object command) {
        S connection = this.present.get();
        if (connection != null) {
            return CompletableFuture.completedFuture(connection);
        }
        Attempt<S> awaited = this.closed ? null : attempt();
        if (awaited == null) {
            return CompletableFuture.failedFuture(
                    this.closed
                            ? CommandFailures.notSent(command, "the store is closed", null)
                            : this.watch.notSent(command));
        }
        if (awaited.waiting.incrementAndGet() > ServerWatch.MOST_UNDER_WAY) {
            return CompletableFuture.failedFuture(
                    CommandFailures.notSent(command, "too many commands wait for a connection", null));
        }
        return awaited.inTime.exceptionallyCompose(failure -> {
            Throwable cause = StageFailures.unwrap(failure);
            String why = cause instanceof TimeoutException ? whySlow(awaited) : CommandFailures.noConnection(cause);
            return CompletableFuture.failedFuture(CommandFailures.notSent(command, why, cause));
        });
    }

    @Nullable S present() {
        return this.present.get();
    }

    private @Nullable Attempt<S> attempt() {
        Attempt<S> theirs = this.attempt.get();
        if (theirs != null || !this.watch.mayTry()) {
            return theirs;
        }
        Attempt<S> mine = new Attempt<>(this.lastFailed ? this.patience.dividedBy(10) : this.patience);
        theirs = this.attempt.compareAndExchange(null, mine);
        if (theirs != null) {
            return theirs;
        }
        try {
            this.executor.execute(() -> connect(mine));
        } catch (RuntimeException | Error ex) {
            failed(mine, ex);
        }
        return mine;
    }

    private void connect(Attempt<S> mine) {
        mine.thread = Thread.currentThread();
        try {
            S opened = this.open.get();
            this.lastFailed = false;
            this.saidThatThePoolIsExhausted.set(false);
            this.present.set(opened);
            this.watch.returned();
            mine.opened.complete(opened);
            if (this.closed) {
                close();
            }
        } catch (RuntimeException | Error ex) {
            failed(mine, ex);
        }
    }

    /**
     * The next attempt may begin before callers that waited for this one are notified. A failure of the pool does not
     * mean anything for the state of the server.
     */
    private void failed(Attempt<S> mine, Throwable cause) {
        this.lastFailed = true;
        if (!ConnectionPool.isExhausted(cause)) {
            this.watch.lost(cause);
        }
        this.attempt.compareAndSet(mine, null);
        mine.opened.completeExceptionally(cause);
    }

    /**
     * Lets another thread close a connection that can no longer be used: its commands end then, and the caller may be
     * inside a guard that they need. Closing begins before the next attempt is made.
     */
    void discard(S connection, String why) {
        if (this.present.compareAndSet(connection, null)) {
            this.watch.lost(why);
            try {
                this.executor.execute(connection::close);
            } catch (RuntimeException | Error ex) {
                CompletableFuture<Void> unused = CompletableFuture.runAsync(connection::close);
            } finally {
                this.attempt.set(null);
            }
        }
    }

    /**
     * Replaces a connection that is only partly usable: the next one is opened first, and this one is closed when the
     * commands in flight on it are answered or have timed out. If no other connection can be opened, this one stays.
     * Does nothing while it is already being replaced.
     *
     * @param executor runs the opening, which may block for long while other attempts are made
     * @param openNext opens the next connection
     * @param onReplaced called when there is another connection
     */
    void replace(S connection, Executor executor, Supplier<S> openNext, Runnable onReplaced) {
        if (this.present.get() != connection || !this.replacing.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> {
                try {
                    follow(connection, openNext.get(), onReplaced);
                } catch (RuntimeException | Error ex) {
                    notReplaced(ex);
                } finally {
                    this.replacing.set(false);
                }
            });
        } catch (RuntimeException | Error ex) {
            this.replacing.set(false);
            notReplaced(ex);
        }
    }

    private static void notReplaced(Throwable cause) {
        log.debug("A connection that is partly unresponsive could not be replaced, and stays in use", cause);
    }

    private void follow(S connection, S next, Runnable onReplaced) {
        Attempt<S> gave = this.attempt.get();
        if (!this.present.compareAndSet(connection, next)) {
            // it was given up in the meantime, or everything is closed
            next.close();
            return;
        }
        retire(connection);
        if (this.closed) {
            close();
            return;
        }
        Attempt<S> gives = new Attempt<>(this.patience);
        gives.opened.complete(next);
        // unless the next one, too, was given up already
        this.attempt.compareAndSet(gave, gives);
        this.watch.returned();
        Logged.run("A listener failed after a connection was replaced", onReplaced);
    }

    private void retire(S connection) {
        this.retired.set(connection);
        Runnable end = () -> {
            this.retired.compareAndSet(connection, null);
            connection.close();
        };
        try {
            CompletableFuture.delayedExecutor(this.patience.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(end);
        } catch (RuntimeException | Error ex) {
            // rather now than never
            end.run();
        }
    }

    /** Waits until the connections are closed: the client, closed now, would warn that they are already. */
    void close() {
        this.closed = true;
        CompletableFuture.allOf(closed(this.present.getAndSet(null)), closed(this.retired.getAndSet(null)))
                .exceptionally(ex -> null)
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
    }

    private static CompletableFuture<Void> closed(@Nullable Session connection) {
        return connection == null
                ? CompletableFuture.completedFuture(null)
                : connection.close().toCompletableFuture();
    }

    /** Determined once, because it is not cheap; logged if the application can fix it. */
    private String whySlow(Attempt<S> awaited) {
        String known = awaited.whySlow;
        if (known == null) {
            Thread connecting = awaited.thread;
            boolean pooled = this.pool != null && connecting != null && ConnectionPool.isAwaitedBy(connecting);
            known = pooled ? ConnectionPool.advice(this.pool) : "it takes too long to connect";
            awaited.whySlow = known;
            if (!pooled && !this.closed) {
                this.watch.slow(known);
            }
            if (pooled && !this.saidThatThePoolIsExhausted.getAndSet(true)) {
                log.warn("Locks have to wait for a connection of the pool: {}", known);
            }
        }
        return known;
    }

    /** The attempt may take as long as the driver allows; callers that wait for it do not. */
    private static final class Attempt<S> {

        private final CompletableFuture<S> opened = new CompletableFuture<>();

        private final CompletableFuture<S> inTime;

        private final AtomicInteger waiting = new AtomicInteger();

        /** Why it takes long, once that was requested. */
        private volatile @Nullable String whySlow;

        private volatile @Nullable Thread thread;

        Attempt(Duration patience) {
            this.inTime = this.opened.copy().orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
