package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockNotAcquiredException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;

/**
 * The method that is called in place of one that has not got its lock.
 *
 * @param method the method, accessible
 * @param parameters how many parameters the locked method has; a suspending function has a continuation after them
 */
record Fallback(Method method, int parameters) {

    /** Whether it answers for a failure; by default, only another caller that has the lock is one. */
    boolean answers(LockException failure) {
        return failure instanceof LockNotAcquiredException
                || takesFailure() && this.method.getParameterTypes()[this.parameters] == LockException.class;
    }

    /** Calls the bean itself: a proxy has none of its fields, and might lock. */
    @Nullable Object call(@Nullable Object target, @Nullable Object[] args, LockException failure) throws Throwable {
        @Nullable Object[] passed = Arrays.copyOf(args, this.method.getParameterCount());
        if (takesFailure()) {
            passed[this.parameters] = failure;
        }
        if (suspends()) {
            passed[passed.length - 1] = args[args.length - 1];
        }
        try {
            return this.method.invoke(receiver(target), passed);
        } catch (InvocationTargetException ex) {
            throw ex.getTargetException();
        }
    }

    private boolean takesFailure() {
        return KotlinFunctions.parameterCount(this.method) > this.parameters;
    }

    /** Whether it may return before its work is done, and goes on with the continuation. */
    boolean suspends() {
        return KotlinFunctions.isSuspending(this.method);
    }

    private @Nullable Object receiver(@Nullable Object target) {
        if (target == null || Modifier.isStatic(this.method.getModifiers())) {
            return null;
        }
        Object receiver = target;
        Object inner = AopProxyUtils.getSingletonTarget(receiver);
        while (this.method.getDeclaringClass().isInstance(inner)) {
            receiver = inner;
            inner = AopProxyUtils.getSingletonTarget(receiver);
        }
        return receiver;
    }
}
