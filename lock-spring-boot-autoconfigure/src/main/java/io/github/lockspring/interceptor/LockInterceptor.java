package io.github.lockspring.interceptor;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Locks calls that pass a proxy. Thread-safe.
 *
 * @since 0.1
 */
public final class LockInterceptor implements MethodInterceptor {

    private final LockAspectSupport support;

    /**
     * Creates an interceptor.
     *
     * @param support runs the call under its lock
     */
    public LockInterceptor(LockAspectSupport support) {
        this.support = support;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        return this.support.invoke(
                invocation.getMethod(), invocation.getThis(), invocation.getArguments(), invocation::proceed);
    }
}
