package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A call of an annotated method whose result says when its work is done. Thread-safe; each step may be taken more than
 * once, by any thread.
 *
 * @since 0.1
 */
public final class AsyncCall {

    private final LockOperation operation;

    private final @Nullable Object target;

    private final @Nullable Object[] args;

    private final LockedBody body;

    private final AsyncLocks locks;

    private final LockKeyEvaluator keys;

    private final LockFailures failures;

    AsyncCall(
            LockOperation operation,
            @Nullable Object target,
            @Nullable Object[] args,
            LockedBody body,
            AsyncLocks locks,
            LockKeyEvaluator keys,
            LockFailures failures) {
        this.operation = operation;
        this.target = target;
        this.args = args.clone();
        this.body = body;
        this.locks = locks;
        this.keys = keys;
        this.failures = failures;
    }

    /**
     * Evaluates the condition.
     *
     * @return whether the call needs its lock
     */
    public boolean applies() {
        return this.keys.applies(this.operation, this.target, written());
    }

    /**
     * Evaluates the key.
     *
     * @return which lock, and how
     */
    public LockOptions options() {
        return this.keys.options(this.operation, this.target, written());
    }

    /** The arguments that expressions know: without the one that the compiler adds to a suspending function. */
    private @Nullable Object[] written() {
        return Arrays.copyOf(this.args, this.operation.parameters().count());
    }

    /**
     * Returns what the call locks with.
     *
     * @return what acquires and releases
     */
    public AsyncLocks locks() {
        return this.locks;
    }

    /**
     * Returns the declared type of the result.
     *
     * @return the type
     */
    public Class<?> returnType() {
        return this.operation.declaration().returnType();
    }

    /**
     * Returns the arguments of the call.
     *
     * @return a copy; of a suspending function the last one is its continuation
     */
    public @Nullable Object[] arguments() {
        return this.args.clone();
    }

    /**
     * Runs the method.
     *
     * @param lease the argument of its parameters for the lease, {@code null} without lock
     * @return what it returns
     * @throws Throwable what it throws
     */
    public @Nullable Object proceed(@Nullable LockLease lease) throws Throwable {
        return proceed(lease, this.args);
    }

    /**
     * Runs the method with other arguments.
     *
     * @param lease the argument of its parameters for the lease, {@code null} without lock
     * @param arguments all other arguments, as many as the method has
     * @return what it returns
     * @throws Throwable what it throws
     */
    public @Nullable Object proceed(@Nullable LockLease lease, @Nullable Object[] arguments) throws Throwable {
        @Nullable Object[] passed = arguments.clone();
        LeaseParameters leases = this.operation.leases();
        if (leases != null) {
            leases.set(passed, lease);
        }
        return this.body.runAgain(passed);
    }

    /**
     * Says whether {@link #answer} is for a failure. It is not where the executor of the application has taken no task:
     * there is no thread for what the application would do.
     *
     * @param failure the failure of an acquisition
     * @return whether fallback, skipping or a handler may answer
     */
    public static boolean isOfAcquisition(LockException failure) {
        boolean answered = failure instanceof LockNotAcquiredException
                || failure instanceof LockStoreException
                || failure instanceof LockShutdownException;
        return answered
                && Arrays.stream(failure.getSuppressed()).noneMatch(RejectedExecutionException.class::isInstance);
    }

    /**
     * Does what a call does that has not got its lock: its fallback, or skipping, or a handler of the application.
     *
     * @param options which lock, and how: the key is not evaluated again
     * @param failure why
     * @return a result of the declared type, {@code null} if the call is skipped
     * @throws Throwable the failure, if nothing answers for it, or what the answer throws
     */
    public @Nullable Object answer(LockOptions options, LockException failure) throws Throwable {
        return answer(options, failure, this.args);
    }

    /**
     * Does what {@link #answer(LockOptions, LockException)} does, with other arguments.
     *
     * @param options which lock, and how
     * @param failure why
     * @param arguments the arguments; of a suspending function the last one is its continuation, which a suspending
     *     fallback is called with
     * @return a result of the declared type, or what a suspending fallback returns; {@code null} if the call is skipped
     * @throws Throwable the failure, if nothing answers for it, or what the answer throws
     */
    public @Nullable Object answer(LockOptions options, LockException failure, @Nullable Object[] arguments)
            throws Throwable {
        return this.failures.answer(this.operation, options, this.target, arguments.clone(), failure);
    }

    /**
     * Describes a result that does not say when its work is done.
     *
     * @param result the result
     * @param consequence what happens to the lock
     * @return the failure of the call
     */
    InvalidLockAnnotationException refusal(Object result, String consequence) {
        return AsynchronousResults.refusal(this.operation, result, consequence);
    }
}
