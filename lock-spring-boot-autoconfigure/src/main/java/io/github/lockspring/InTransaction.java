package io.github.lockspring;

/**
 * What happens to a lock that is acquired while a transaction of the calling thread is active. Released before that
 * transaction is committed, it would let the next caller read what is about to be changed.
 *
 * @since 0.1
 */
public enum InTransaction {

    /** The lock is released when the transaction has completed. */
    DEFER,

    /**
     * The lock is not acquired, and the call fails with {@link IllegalStateException}. A hold from before the
     * transaction can be re-entered.
     */
    FAIL,

    /** The lock is released when its lease is closed, possibly before the commit. */
    RELEASE
}
