package io.github.lockspring;

/**
 * Work done under a lock that wants to see its lease and has no result.
 *
 * @param <E> what the work may throw; it reaches the caller unchanged
 * @since 0.1
 */
@FunctionalInterface
public interface LockConsumer<E extends Throwable> {

    /**
     * Does the work.
     *
     * @param lease the held lock; closed by the caller
     * @throws E what the work throws
     */
    void accept(LockLease lease) throws E;
}
