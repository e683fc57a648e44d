package io.github.lockspring.interceptor;

import io.github.lockspring.LockCallback;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/**
 * A call that an executor has, with its lock or with the reason why it has none. Travels with the invocation, from in
 * front of asynchronous execution to the advice of the lock, which does not acquire it a second time: it enters it again
 * by the lease, and from then on the call is one that blocks its thread, with all rules for these. What is between them
 * may run the rest of the chain more than once (retries): each further attempt acquires the lock by itself. Thread-safe.
 */
final class LockedTask {

    private static final String ATTRIBUTE = LockedTask.class.getName();

    private final LockOperation operation;

    private final @Nullable LockOptions options;

    private final @Nullable LockLease lease;

    private final @Nullable Throwable failure;

    private final @Nullable TaskFuture result;

    /** Whether an attempt has taken over the lease, or the failure. */
    private final AtomicBoolean taken = new AtomicBoolean();

    /** The lease of the attempt that runs now. */
    private volatile @Nullable LockLease held;

    /** What the executor says of the task. */
    private volatile @Nullable Future<?> execution;

    /** What the method has returned, if that is not done. */
    private volatile @Nullable Future<?> work;

    private volatile boolean over;

    private volatile boolean cancelled;

    private volatile boolean interrupted;

    /**
     * Creates a task.
     *
     * @param options which lock, and how; {@code null} if the call needs no lock
     * @param lease its lock, to be closed by this task
     * @param failure of the acquisition, if there is no lease
     * @param result completed with the outcome, {@code null} for a method without future
     */
    LockedTask(
            LockOperation operation,
            @Nullable LockOptions options,
            @Nullable LockLease lease,
            @Nullable Throwable failure,
            @Nullable TaskFuture result) {
        this.operation = operation;
        this.options = options;
        this.lease = lease;
        this.failure = failure;
        this.result = result;
        if (lease != null && result != null) {
            result.watch(lease);
        }
    }

    /** A task whose condition is false. */
    static LockedTask unlocked(LockOperation operation) {
        return new LockedTask(operation, null, null, null, null);
    }

    /** The task that an invocation belongs to, {@code null} if its lock is yet to be acquired. */
    static @Nullable LockedTask of(MethodInvocation invocation) {
        return invocation instanceof ProxyMethodInvocation call ? (LockedTask) call.getUserAttribute(ATTRIBUTE) : null;
    }

    void attachTo(ProxyMethodInvocation invocation) {
        invocation.setUserAttribute(ATTRIBUTE, this);
    }

    LockOperation operation() {
        return this.operation;
    }

    @Nullable LockOptions options() {
        return this.options;
    }

    @Nullable Throwable failure() {
        return this.failure;
    }

    /** The executor has it, or has run it. */
    void isGiven(@Nullable Object submitted) {
        if (submitted instanceof Future<?> future) {
            this.execution = future;
            if (this.cancelled && !this.over) {
                future.cancel(this.interrupted);
            }
        }
        if (submitted instanceof CompletionStage<?> stage) {
            TaskFuture told = this.result;
            CompletionStage<?> unused = stage.whenComplete((value, ex) -> complete(told, value, ex));
        }
    }

    /** All that the executor runs. */
    @Nullable Object run(MethodInvocation invocation) throws Throwable {
        Object value;
        try {
            value = invocation.proceed();
            if (this.options == null) {
                return value;
            }
            if (value instanceof Future<?> future) {
                value = await(future).get();
            }
        } catch (Throwable ex) {
            Throwable thrown = ex instanceof ExecutionException && ex.getCause() != null ? ex.getCause() : ex;
            isOver();
            complete(this.result, null, thrown);
            throw thrown;
        }
        isOver();
        complete(this.result, value, null);
        return this.result != null ? CompletableFuture.completedFuture(value) : value;
    }

    /** Runs the body under the lock: the first time under the one that was acquired for it. */
    @Nullable Object call(LockOperations operations, LockOptions options, LockCallback<@Nullable Object, Throwable> body)
            throws Throwable {
        if (!this.taken.compareAndSet(false, true)) {
            LockCallback<@Nullable Object, Throwable> further = own -> under(own, body);
            return operations.call(options, further);
        }
        LockLease acquired = this.lease;
        if (acquired == null) {
            throw this.failure != null ? this.failure : new CancellationException();
        }
        LockContext.Scope scope = LockContext.bind(acquired);
        try {
            checkWanted();
            acquired.ensureHeld();
            LockCallback<@Nullable Object, Throwable> entered = own -> {
                scope.close();
                acquired.close();
                return under(own, body);
            };
            return operations.call(options.reentrant(true), entered);
        } finally {
            scope.close();
            end();
        }
    }

    @SuppressWarnings("NullAway") // The type argument of the callback says that the result may be null.
    private Object under(LockLease own, LockCallback<@Nullable Object, Throwable> body) throws Throwable {
        this.held = own;
        checkWanted();
        if (this.result != null) {
            this.result.watch(own);
        }
        return body.doInLock(own);
    }

    private void checkWanted() {
        if (this.cancelled) {
            throw new CancellationException();
        }
    }

    /** A body that returns a future is run until that is done: asynchronous execution waits for it on the same thread. */
    LockedBody awaiting(LockedBody body) {
        return new LockedBody() {

            @Override
            public @Nullable Object run() throws Throwable {
                return awaited(body.run());
            }

            @Override
            public @Nullable Object run(@Nullable Object[] arguments) throws Throwable {
                return awaited(body.run(arguments));
            }
        };
    }

    private @Nullable Object awaited(@Nullable Object value) throws InterruptedException {
        return value instanceof Future<?> future ? await(future) : value;
    }

    private Future<?> await(Future<?> future) throws InterruptedException {
        this.work = future;
        if (this.cancelled) {
            future.cancel(true);
        }
        try {
            Object unused = future.get();
        } catch (InterruptedException ex) {
            future.cancel(true);
            throw ex;
        } catch (ExecutionException | CancellationException ex) {
            // the future says so itself
        }
        return future;
    }

    /** Gives back the lock, if no attempt has taken it over. */
    void end() {
        close(this.lease);
    }

    private void isOver() {
        this.over = true;
        end();
    }

    /** The caller no longer wants it, or its lease is lost. */
    void cancel(boolean mayInterrupt) {
        this.interrupted = mayInterrupt;
        this.cancelled = true;
        if (!this.over) {
            end();
            close(this.held);
            cancel(this.execution, mayInterrupt);
            cancel(this.work, true);
        }
    }

    /** Whether the executor will not run it, although it has not told that. */
    boolean isDropped() {
        Future<?> given = this.execution;
        return given != null && given.isDone() && !this.over;
    }

    private static void cancel(@Nullable Future<?> future, boolean mayInterrupt) {
        if (future != null) {
            future.cancel(mayInterrupt);
        }
    }

    private static void close(@Nullable LockLease lease) {
        if (lease != null) {
            CompletionStage<@Nullable Void> unused = lease.closeAsync();
        }
    }

    @SuppressWarnings("NullAway") // The type argument says that the value may be null.
    private static void complete(@Nullable TaskFuture result, @Nullable Object value, @Nullable Throwable failure) {
        if (result == null) {
            return;
        }
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
        }
    }
}
