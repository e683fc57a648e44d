package io.github.lockspring.interceptor;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;

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

    /**
     * The rest of the chain. Going through it uses it up, so that it is copied where that may happen again; advice of
     * AspectJ finds the call by its thread.
     */
    private record InvocationBody(MethodInvocation invocation) implements LockedBody {

        @Override
        public @Nullable Object run() throws Throwable {
            return this.invocation.proceed();
        }

        @Override
        public @Nullable Object runAgain(@Nullable Object[] arguments) throws Throwable {
            return this.invocation instanceof ProxyMethodInvocation invoked
                    ? ExposeInvocationInterceptor.INSTANCE.invoke(invoked.invocableClone(arguments))
                    : run();
        }
    }

    /** Where several creators of proxies are at work, the innermost proxy locks. */
    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        if (LockProxyCheck.locks(target)) {
            return invocation.proceed();
        }
        LockedTask task = LockedTask.of(invocation);
        LockedBody body = new InvocationBody(invocation);
        return task != null
                ? this.support.invoke(task, target, invocation.getArguments(), body)
                : this.support.invoke(invocation.getMethod(), target, invocation.getArguments(), body);
    }

    /** Has the locks of asynchronous methods acquired before this interceptor is reached. */
    AsyncTasks tasks() {
        return this.support.tasks();
    }
}
