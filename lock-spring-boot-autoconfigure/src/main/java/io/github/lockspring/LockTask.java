package io.github.lockspring;

/**
 * Work done under a lock that has no result.
 *
 * @param <E> what the work may throw; it reaches the caller unchanged
 * @since 0.1
 */
@FunctionalInterface
public interface LockTask<E extends Throwable> {

    /**
     * Does the work.
     *
     * @throws E what the work throws
     */
    void run() throws E;
}
