package io.github.lockspring.interceptor;

import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockTaskExecution;
import java.lang.reflect.Method;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/**
 * Runs the body of an annotated method under its lock; the common logic of interceptor and aspect. The body runs without
 * the lock only if the condition of the annotation is false; its exceptions reach the caller unchanged. If the lock is
 * not acquired, the fallback of the method answers, or else it is skipped if it asks for that, or else the
 * {@link io.github.lockspring.LockFailureHandler} beans decide. Thread-safe.
 *
 * @since 0.1
 */
public final class LockAspectSupport {

    private final LockOperationSource source;

    private final FirstFound<LockOperations> operations;

    private final FirstFound<AsyncLocks> locks;

    private final AsyncTasks tasks;

    private final LockKeyEvaluator keys;

    private final AsynchronousResults results;

    private final LockFailures failures;

    /**
     * Creates the support.
     *
     * @param source what the annotations ask for
     * @param operations acquires and releases; obtained at the first call
     * @param beanFactory where expressions find beans, and where the handlers of failures are
     */
    public LockAspectSupport(LockOperationSource source, Supplier<LockOperations> operations, BeanFactory beanFactory) {
        this(source, operations, operations, beanFactory);
    }

    /**
     * Creates the support.
     *
     * @param source what the annotations ask for
     * @param operations acquires and releases; obtained at the first call
     * @param ofTasks does so for tasks that run on other threads, outside of a transaction of the thread that asks for
     *     the lock; obtained at the first such call
     * @param beanFactory where expressions find beans, and where the handlers of failures are
     */
    public LockAspectSupport(
            LockOperationSource source,
            Supplier<LockOperations> operations,
            Supplier<LockOperations> ofTasks,
            BeanFactory beanFactory) {
        this.source = source;
        this.operations = new FirstFound<>(operations);
        this.keys = new LockKeyEvaluator(beanFactory);
        this.locks = asynchronous(this.operations, beanFactory);
        this.tasks = new AsyncTasks(source, asynchronous(ofTasks, beanFactory), this.keys, beanFactory);
        this.results = new AsynchronousResults(this.locks, source.asynchronous());
        this.failures = new LockFailures(beanFactory);
    }

    private static FirstFound<AsyncLocks> asynchronous(Supplier<LockOperations> operations, BeanFactory beanFactory) {
        return new FirstFound<>(() -> new AsyncLocks(
                operations.get(),
                beanFactory.getBeanProvider(LockSettings.class).getIfAvailable(() -> LockSettings.DEFAULTS),
                beanFactory
                        .getBeanProvider(LockTaskExecution.class)
                        .getIfAvailable(() -> LockTaskExecution.on(ForkJoinPool.commonPool())),
                type -> beanFactory.getBeanProvider(type).getIfAvailable()));
    }

    /**
     * Returns whether no method is locked, regardless of annotations.
     *
     * @return whether the source is {@link LockOperationSource#none()}
     */
    public boolean locksNothing() {
        return this.source.isNone();
    }

    /**
     * Runs a body under the lock its method asks for; without annotation, simply runs it.
     *
     * @param method the method, as seen by the caller
     * @param target the object it is called on, {@code null} for a static method
     * @param args the arguments; where the method has a parameter for its lease, that is replaced here
     * @param body what the method does
     * @return what the body returns, or what is returned if the lock is not acquired
     * @throws Throwable what the body throws, or a {@link io.github.lockspring.LockException}; an {@link
     *     InvalidLockAnnotationException} also if the work of the result continues after the return
     */
    public @Nullable Object invoke(Method method, @Nullable Object target, @Nullable Object[] args, LockedBody body)
            throws Throwable {
        Class<?> targetClass = target != null ? target.getClass() : method.getDeclaringClass();
        LockOperation operation = this.source.operation(method, targetClass);
        if (operation == null) {
            return body.run();
        }
        AsyncResults asynchronous = operation.asynchronous();
        if (asynchronous != null) {
            return asynchronous.invoke(
                    new AsyncCall(operation, target, args, body, this.locks.get(), this.keys, this.failures));
        }
        if (!this.keys.applies(operation, target, args)) {
            return LockedCall.run(operation, args, null, body);
        }
        LockOptions options = this.keys.options(operation, target, args);
        return invoke(
                new LockedCall(operation, options, args, body, this.results), operation, options, target, args, null);
    }

    /** Runs the body of an asynchronous method, on a thread of its executor: the task has its lock, or why it has not. */
    @Nullable Object invoke(LockedTask task, @Nullable Object target, @Nullable Object[] args, LockedBody body) throws Throwable {
        LockOperation operation = task.operation();
        LockOptions options = task.options();
        if (options == null) {
            return LockedCall.run(operation, args, null, body);
        }
        LockedCall call = new LockedCall(operation, options, args, task.awaiting(body), this.results);
        return invoke(call, operation, options, target, args, task);
    }

    private @Nullable Object invoke(
            LockedCall call,
            LockOperation operation,
            LockOptions options,
            @Nullable Object target,
            @Nullable Object[] args,
            @Nullable LockedTask task)
            throws Throwable {
        LockOperations operations = this.operations.get();
        try {
            return task != null ? task.call(operations, options, call) : operations.call(options, call);
        } catch (LockNotAcquiredException | LockStoreException | LockShutdownException failure) {
            if (call.hasBegun()) {
                throw failure;
            }
            return this.failures.answer(operation, options, target, args, failure);
        }
    }

    AsyncTasks tasks() {
        return this.tasks;
    }
}
