package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The call, {@code #root} of an expression. */
final class LockExpressionRoot {

    /** Properties that can also be read without {@code #root}; any other name without {@code #} is a mistake. */
    static final Set<String> PROPERTIES = Set.of("method", "target", "args", "class");

    private final Method method;

    private final @Nullable Object target;

    private final @Nullable Object[] args;

    LockExpressionRoot(Method method, @Nullable Object target, @Nullable Object[] args) {
        this.method = method;
        this.target = target;
        this.args = args;
    }

    public Method getMethod() {
        return this.method;
    }

    public @Nullable Object getTarget() {
        return this.target;
    }

    public @Nullable Object[] getArgs() {
        return this.args;
    }
}
