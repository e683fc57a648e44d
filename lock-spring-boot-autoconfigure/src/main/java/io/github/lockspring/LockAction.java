package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * Work done under a lock.
 *
 * @param <T> type of the result
 * @param <E> what the work may throw; it reaches the caller unchanged
 * @since 0.1
 */
@FunctionalInterface
public interface LockAction<T extends @Nullable Object, E extends Throwable> {

    /**
     * Does the work.
     *
     * @return the result
     * @throws E what the work throws
     */
    T run() throws E;
}
