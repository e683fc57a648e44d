package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * Work done under a lock, with access to its lease.
 *
 * @param <T> type of the result
 * @param <E> what the work may throw; it reaches the caller unchanged
 * @since 0.1
 */
@FunctionalInterface
public interface LockCallback<T extends @Nullable Object, E extends Throwable> {

    /**
     * Does the work.
     *
     * @param lease the held lock; closed by the caller
     * @return the result
     * @throws E what the work throws
     */
    T doInLock(LockLease lease) throws E;
}
