package io.github.lockspring.interceptor;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/**
 * A task on its way to the executor, which gets it when its lock was acquired, or when that has failed: what answers for
 * the failure, or handles it, is to run where the method would. Thread-safe.
 */
final class TaskSubmission {

    private final ProxyMethodInvocation task;

    private final LockOperation operation;

    private final LockOptions options;

    private final @Nullable TaskFuture result;

    private final Executor executor;

    private final UncaughtFailures uncaught;

    /**
     * Creates a submission.
     *
     * @param task the rest of the chain, from asynchronous execution on; proceeded with at most once
     * @param result what the caller gets, {@code null} for a method without future
     * @param executor submits the task, with the thread-local values of the caller, so that decorators of tasks find them
     */
    TaskSubmission(
            ProxyMethodInvocation task,
            LockOperation operation,
            LockOptions options,
            @Nullable TaskFuture result,
            Executor executor,
            UncaughtFailures uncaught) {
        this.task = task;
        this.operation = operation;
        this.options = options;
        this.result = result;
        this.executor = executor;
        this.uncaught = uncaught;
    }

    @Nullable TaskFuture after(CompletionStage<LockLease> acquisition) {
        CompletableFuture<LockLease> asked = acquisition.toCompletableFuture();
        if (this.result != null) {
            this.result.asks(asked);
        }
        CompletableFuture<LockLease> unused = asked.whenComplete(this::answered);
        return this.result;
    }

    private void answered(@Nullable LockLease lease, @Nullable Throwable failure) {
        LockedTask locked =
                new LockedTask(this.operation, this.options, lease, lease == null ? cause(failure) : null, this.result);
        if (this.result != null) {
            this.result.isAnswered(locked);
            if (!this.result.isWanted()) {
                locked.end();
                return;
            }
        }
        try {
            this.executor.execute(() -> submit(locked));
        } catch (RuntimeException | Error ex) {
            rejected(locked, ex);
        }
    }

    private void submit(LockedTask locked) {
        if (this.result != null && !this.result.isWanted()) {
            locked.end();
            return;
        }
        locked.attachTo(this.task);
        try {
            locked.isGiven(this.task.proceed());
        } catch (Throwable ex) {
            rejected(locked, ex);
        }
    }

    /** Where the acquisition has failed before, that is the failure of the call. */
    private void rejected(LockedTask locked, Throwable rejection) {
        locked.end();
        Throwable failure = locked.failure();
        if (failure == null) {
            failure = rejection;
        } else {
            failure.addSuppressed(rejection);
        }
        if (this.result != null) {
            this.result.completeExceptionally(failure);
        } else {
            this.uncaught.handle(failure, this.task);
        }
    }

    private static Throwable cause(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause != null ? cause : new CancellationException();
    }
}
