package io.github.lockspring;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work under a lock that no thread waits for: its lock is acquired, the work is begun, and the lease is closed when the
 * stage of the work has completed, or the caller has ended the result. Thread-safe.
 */
final class LockedStage<T extends @Nullable Object> {

    private final Function<? super LockLease, ? extends @Nullable CompletionStage<T>> work;

    private final Executor executor;

    private final boolean endsWhenLost;

    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** The stage of the work, once it has begun. */
    private volatile @Nullable CompletionStage<T> running;

    LockedStage(
            LockRequest request,
            Executor executor,
            Function<? super LockLease, ? extends @Nullable CompletionStage<T>> work) {
        this.work = Objects.requireNonNull(work, "The work under the lock must not be null");
        this.executor = executor;
        this.endsWhenLost = request.onLost() != OnLost.LOG;
    }

    /** Whatever completes the result before the request is answered withdraws the request. */
    CompletionStage<T> after(CompletionStage<LockLease> acquisition) {
        CompletableFuture<LockLease> asked = acquisition.toCompletableFuture();
        CompletableFuture<LockLease> unused = asked.whenComplete((lease, failure) -> {
            if (lease != null) {
                acquired(lease);
            } else {
                refused(failure(failure));
            }
        });
        CompletableFuture<T> unusedResult = this.result.whenComplete((value, failure) -> asked.cancel(false));
        return this.result;
    }

    /** Where the executor takes no task, that is told as well. */
    private void refused(Throwable failure) {
        execute(() -> this.result.completeExceptionally(failure), rejection -> {
            failure.addSuppressed(rejection);
            this.result.completeExceptionally(failure);
        });
    }

    /** From now on, whatever completes the result releases the lock, even if the executor has no thread for the work. */
    private void acquired(LockLease lease) {
        CompletableFuture<T> unused = this.result.whenComplete((value, failure) -> end(lease));
        watch(lease);
        execute(() -> begin(lease), this.result::completeExceptionally);
    }

    private void begin(LockLease lease) {
        if (this.result.isDone()) {
            return;
        }
        CompletionStage<T> stage;
        // the thread may be borrowed: what else it runs under is not of this work
        LockContext.Scope scope = LockContext.bindOnly(List.of(lease));
        try {
            // it may have been lost while there was no thread for the work
            lease.ensureHeld();
            stage = Objects.requireNonNull(this.work.apply(lease), "The work under the lock returned no stage");
        } catch (Throwable ex) {
            finish(lease, null, ex);
            return;
        } finally {
            scope.close();
        }
        this.running = stage;
        CompletionStage<T> unused = stage.whenComplete((value, failure) -> finish(lease, value, failure));
        if (this.result.isDone()) {
            cancel(stage);
        }
    }

    /** The engine must not reach the lease from here: it gives a lock back whose lease nothing refers to any longer. */
    private void watch(LockLease lease) {
        if (this.endsWhenLost) {
            WeakReference<LockedStage<T>> self = new WeakReference<>(this);
            WeakReference<LockLease> lost = new WeakReference<>(lease);
            lease.onLost(() -> {
                LockedStage<T> stage = self.get();
                LockLease ended = lost.get();
                if (stage != null && ended != null) {
                    stage.lost(loss(ended));
                }
            });
        }
    }

    private void lost(LeaseLostException loss) {
        execute(() -> this.result.completeExceptionally(loss), rejection -> this.result.completeExceptionally(loss));
    }

    private void finish(LockLease lease, @Nullable T value, @Nullable Throwable failure) {
        CompletableFuture<@Nullable Void> closed = close(lease);
        boolean here = closed.isDone();
        CompletableFuture<@Nullable Void> unused = closed.whenComplete((nothing, closing) -> {
            Throwable told = failure != null ? failure : closing;
            if (here) {
                settle(lease, value, told);
            } else {
                // the answer comes on a thread that is not for what follows the result
                execute(() -> settle(lease, value, told), rejection -> settle(lease, value, told));
            }
        });
    }

    private static CompletableFuture<@Nullable Void> close(LockLease lease) {
        try {
            return lease.closeAsync().toCompletableFuture();
        } catch (RuntimeException | Error ex) {
            return CompletableFuture.failedFuture(ex);
        }
    }

    private void settle(LockLease lease, @Nullable T value, @Nullable Throwable failure) {
        LeaseLostException loss = this.endsWhenLost && lease.isLost() ? loss(lease) : null;
        if (failure != null) {
            this.result.completeExceptionally(withLoss(failure(failure), loss));
        } else if (loss != null) {
            this.result.completeExceptionally(loss);
        } else {
            complete(value);
        }
    }

    @SuppressWarnings("NullAway") // The type argument says whether the value may be null.
    private void complete(@Nullable T value) {
        this.result.complete(value);
    }

    private static Throwable withLoss(Throwable failure, @Nullable LeaseLostException loss) {
        if (loss != null && !(failure instanceof LeaseLostException)) {
            failure.addSuppressed(loss);
        }
        return failure;
    }

    /** The result has completed: by the work, by the caller, or because the lease was lost. */
    private void end(LockLease lease) {
        CompletableFuture<@Nullable Void> unused = close(lease);
        CompletionStage<T> stage = this.running;
        if (stage != null) {
            cancel(stage);
        }
    }

    private static void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException ex) {
            // cannot be cancelled: it ends by itself, without the lock
        }
    }

    private static LeaseLostException loss(LockLease lease) {
        try {
            lease.ensureHeld();
        } catch (LeaseLostException lost) {
            return lost;
        }
        throw new IllegalStateException("A lost lease is not held");
    }

    private static Throwable failure(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause != null ? cause : new CancellationException();
    }

    /** An executor may also be unable to start a thread. */
    private void execute(Runnable task, Consumer<Throwable> whenRejected) {
        try {
            this.executor.execute(task);
        } catch (RuntimeException | Error ex) {
            whenRejected.accept(ex);
        }
    }
}
