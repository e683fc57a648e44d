package io.github.lockspring.interceptor;

import io.github.lockspring.LockOptions;
import io.github.lockspring.OnLost;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.beans.factory.BeanFactory;

/**
 * Acquires the locks of methods that asynchronous execution gives to an executor, before it does. No thread waits for the
 * lock: neither that of the caller, which gets its future immediately, nor one of the executor. Thread-safe.
 */
final class AsyncTasks {

    private final LockOperationSource source;

    private final Supplier<AsyncLocks> locks;

    private final LockKeyEvaluator keys;

    private final UncaughtFailures uncaught;

    /**
     * Creates the tasks.
     *
     * @param locks acquire locks that are not of the transaction of the calling thread: the task runs outside of it
     */
    AsyncTasks(LockOperationSource source, Supplier<AsyncLocks> locks, LockKeyEvaluator keys, BeanFactory beanFactory) {
        this.source = source;
        this.locks = locks;
        this.keys = keys;
        this.uncaught = new UncaughtFailures(beanFactory);
    }

    /**
     * Gives a task to its executor once its lock is acquired.
     *
     * @param invocation the call, in front of asynchronous execution
     * @return a future, {@code null} for a method without one
     * @throws Throwable what the evaluation of the annotation throws
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The caller of the method gets it.
    @Nullable Object submit(ProxyMethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> targetClass =
                target != null ? target.getClass() : invocation.getMethod().getDeclaringClass();
        LockOperation operation = this.source.operation(invocation.getMethod(), targetClass);
        if (operation == null || !isTask(operation)) {
            // Spring refuses other results
            return invocation.proceed();
        }
        ProxyMethodInvocation task = (ProxyMethodInvocation) invocation.invocableClone();
        if (!this.keys.applies(operation, target, invocation.getArguments())) {
            LockedTask.unlocked(operation).attachTo(task);
            return task.proceed();
        }
        LockOptions options = this.keys.options(operation, target, invocation.getArguments());
        AsyncLocks locks = this.locks.get();
        Executor executor = locks.tasks().capture();
        TaskFuture result = operation.asynchronous() != null ? newFuture(locks, options, executor) : null;
        return new TaskSubmission(task, operation, options, result, executor, this.uncaught)
                .after(locks.operations().acquireAsync(options));
    }

    private static boolean isTask(LockOperation operation) {
        Class<?> returnType = operation.declaration().returnType();
        return returnType == void.class
                || Future.class.isAssignableFrom(returnType) && operation.asynchronous() != null;
    }

    private static TaskFuture newFuture(AsyncLocks locks, LockOptions options, Executor executor) {
        return new TaskFuture(executor, locks.settings().resolve(options).onLost() != OnLost.LOG);
    }
}
