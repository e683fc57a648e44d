package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.StageFailures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection, opened when it is first needed, by another thread, because connecting blocks; those who need it
 * meanwhile wait for the same attempt. After a failure the next one who needs it tries again.
 *
 * @param <S> the connection
 */
final class Connector<S> {

    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    private final Supplier<S> open;

    private final Consumer<S> close;

    private final Executor executor;

    private final long patience;

    private final LongSupplier nanoClock;

    /** The attempt under way, or the one that gave the present connection. */
    private final AtomicReference<@Nullable CompletableFuture<S>> attempt = new AtomicReference<>();

    private final AtomicReference<@Nullable S> present = new AtomicReference<>();

    private volatile boolean closed;

    Connector(Supplier<S> open, Consumer<S> close, Executor executor, Duration patience, LongSupplier nanoClock) {
        this.open = open;
        this.close = close;
        this.executor = executor;
        this.patience = patience.toNanos();
        this.nanoClock = nanoClock;
    }

    @Nullable S present() {
        return this.present.get();
    }

    /**
     * Does something with the connection, at once where there is one. Whoever had to wait for it too long is told so
     * instead: nobody expects that command any more.
     */
    void use(Consumer<S> action, Consumer<LockStoreException> failed, Object command) {
        S connection = this.present.get();
        if (connection != null) {
            action.accept(connection);
            return;
        }
        if (this.closed) {
            failed.accept(CommandFailures.notSent(command, "the store is closed", null));
            return;
        }
        long since = this.nanoClock.getAsLong();
        attempt().whenComplete((opened, failure) -> {
            if (failure != null) {
                Throwable cause = StageFailures.unwrap(failure);
                failed.accept(CommandFailures.notSent(command, CommandFailures.noConnection(cause), cause));
            } else if (this.nanoClock.getAsLong() - since > this.patience) {
                failed.accept(CommandFailures.notSent(command, "it took too long to connect", null));
            } else {
                action.accept(opened);
            }
        });
    }

    private CompletionStage<S> attempt() {
        CompletableFuture<S> mine = new CompletableFuture<>();
        CompletableFuture<S> theirs = this.attempt.compareAndExchange(null, mine);
        if (theirs != null) {
            return theirs;
        }
        try {
            this.executor.execute(() -> connect(mine));
        } catch (RejectedExecutionException ex) {
            failed(mine, ex);
        }
        return mine;
    }

    private void connect(CompletableFuture<S> result) {
        S opened;
        try {
            opened = this.open.get();
        } catch (RuntimeException | Error ex) {
            failed(result, ex);
            return;
        }
        this.present.set(opened);
        result.complete(opened);
        if (this.closed) {
            close();
        }
    }

    /** The next one may try again before those who waited for this attempt are told. */
    private void failed(CompletableFuture<S> result, Throwable cause) {
        this.attempt.compareAndSet(result, null);
        result.completeExceptionally(cause);
    }

    /** Forgets a connection that is of no use any more. */
    void discard(S connection) {
        if (this.present.compareAndSet(connection, null)) {
            this.attempt.set(null);
            try {
                this.executor.execute(() -> this.close.accept(connection));
            } catch (RejectedExecutionException ex) {
                log.debug("The store was closed while a connection was to be", ex);
            }
        }
    }

    void close() {
        this.closed = true;
        S connection = this.present.getAndSet(null);
        if (connection != null) {
            this.close.accept(connection);
        }
    }
}
