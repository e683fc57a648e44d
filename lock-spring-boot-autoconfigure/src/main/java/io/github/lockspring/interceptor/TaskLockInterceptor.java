package io.github.lockspring.interceptor;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/**
 * Stands in front of asynchronous execution: has the lock acquired before the executor gets the task. Passes calls on
 * where the advice of the lock is not the one that takes over a {@link LockedTask}. Thread-safe.
 */
record TaskLockInterceptor(BeanFactoryLockOperationSourceAdvisor lock) implements MethodInterceptor {

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        return invocation instanceof ProxyMethodInvocation call
                        && !LockProxyCheck.locks(call.getThis())
                        && this.lock.getAdvice() instanceof LockInterceptor interceptor
                ? interceptor.tasks().submit(call)
                : invocation.proceed();
    }
}
