package io.github.lockspring.interceptor;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind asynchronous execution, around all that the executor runs: ends a {@link LockedTask}, whether or not the
 * advice of the lock was reached. Thread-safe.
 */
final class TaskEndInterceptor implements MethodInterceptor {

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        LockedTask task = LockedTask.of(invocation);
        return task != null ? task.run(invocation) : invocation.proceed();
    }
}
