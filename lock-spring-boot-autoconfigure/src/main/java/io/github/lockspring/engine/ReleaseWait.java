package io.github.lockspring.engine;

/**
 * Whether closing a lease waits for the store's answer.
 *
 * @since 0.1
 */
public enum ReleaseWait {

    /**
     * It does not: the release is sent, and its outcome is looked after in the background. Only while more than a
     * thousand releases are unanswered does a thread that was blocked for its lease wait for the answer to its own,
     * too.
     */
    ASYNC,

    /** It does: another process called afterwards finds the lock free, unless the store failed. */
    SYNC
}
