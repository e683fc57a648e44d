package io.github.lockspring.interceptor;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What asynchronous calls lock with.
 *
 * @param operations acquire and release
 * @param settings say what happens when a lease is lost
 * @param tasks where the work of a call begins
 * @param beans the bean of a type, {@code null} if there is none
 * @since 0.1
 */
public record AsyncLocks(
        LockOperations operations,
        LockSettings settings,
        LockTaskExecution tasks,
        Function<Class<?>, @Nullable Object> beans) {

    /**
     * Returns what the application, or the auto-configuration, has for one kind of results.
     *
     * @param type its type
     * @param otherwise what to use if there is no such bean
     * @param <T> its type
     * @return the bean
     */
    public <T> T bean(Class<T> type, T otherwise) {
        Object bean = this.beans.apply(type);
        return bean != null ? type.cast(bean) : otherwise;
    }
}
