package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/** Matches methods with an annotation, right or wrong: a wrong one must fail, not be ignored. */
final class LockOperationSourcePointcut extends StaticMethodMatcherPointcut {

    private final LockOperationSource source;

    LockOperationSourcePointcut(LockOperationSource source) {
        this.source = source;
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return this.source.isLocked(method, targetClass);
    }
}
