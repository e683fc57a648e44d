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

    /** Where several creators of proxies are at work, the innermost proxy locks. */
    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        return LockProxyCheck.locks(target)
                ? invocation.proceed()
                : this.support.invoke(invocation.getMethod(), target, invocation.getArguments(), invocation::proceed);
    }
}
