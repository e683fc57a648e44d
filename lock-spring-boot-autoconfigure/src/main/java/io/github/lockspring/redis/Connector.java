package io.github.lockspring.redis;

import io.github.lockspring.LockStoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection, opened when it is first needed, by a thread of its own, because connecting blocks; those who
 * need it meanwhile wait for the same attempt. After a failure the next one who needs it tries again.
 *
 * @param <S> the connection
 */
final class Connector<S> {

    private final Supplier<S> open;

    private final Consumer<S> close;

    private final long patience;

    private final ThreadPoolExecutor executor = WorkerThreads.bounded("lock-redis-connect", 1, 1);

    private final AtomicReference<@Nullable CompletableFuture<S>> attempt = new AtomicReference<>();

    private volatile @Nullable S present;

    Connector(Supplier<S> open, Consumer<S> close, Duration patience) {
        this.open = open;
        this.close = close;
        this.patience = patience.toNanos();
    }

    @Nullable S present() {
        return this.present;
    }

    /**
     * Does something with the connection, at once where there is one. Whoever had to wait for it too long is told so
     * instead: nobody expects that command any more.
     */
    void use(Consumer<S> action, Consumer<LockStoreException> failed, Object command) {
        S connection = this.present;
        if (connection != null) {
            action.accept(connection);
            return;
        }
        long since = System.nanoTime();
        connection().whenComplete((opened, failure) -> {
            if (failure != null) {
                Throwable cause = CommandFailures.unwrap(failure);
                failed.accept(CommandFailures.notSent(command, "no connection (" + cause.getMessage() + ")", cause));
            } else if (System.nanoTime() - since > this.patience) {
                failed.accept(CommandFailures.notSent(command, "it took too long to connect", null));
            } else {
                action.accept(opened);
            }
        });
    }

    /** Forgets a connection that is of no use any more. */
    void discard(S connection) {
        CompletableFuture<S> last = this.attempt.get();
        if (last != null && this.present == connection && this.attempt.compareAndSet(last, null)) {
            this.present = null;
            this.close.accept(connection);
        }
    }

    private CompletionStage<S> connection() {
        CompletableFuture<S> mine = new CompletableFuture<>();
        CompletableFuture<S> theirs = this.attempt.compareAndExchange(null, mine);
        if (theirs != null) {
            return theirs;
        }
        try {
            this.executor.execute(() -> connect(mine));
        } catch (RejectedExecutionException ex) {
            this.attempt.compareAndSet(mine, null);
            mine.completeExceptionally(new IllegalStateException("the store is closed", ex));
        }
        return mine;
    }

    private void connect(CompletableFuture<S> result) {
        try {
            S opened = this.open.get();
            this.present = opened;
            result.complete(opened);
        } catch (RuntimeException | Error ex) {
            this.attempt.compareAndSet(result, null);
            result.completeExceptionally(new CompletionException(ex));
        }
    }

    void close() {
        this.executor.shutdown();
        S connection = this.present;
        if (connection != null) {
            this.present = null;
            this.close.accept(connection);
        }
    }
}
