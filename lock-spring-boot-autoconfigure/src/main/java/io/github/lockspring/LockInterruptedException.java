package io.github.lockspring;

/**
 * The calling thread was interrupted while it waited for a lock. The lock was not acquired, nothing is left waiting,
 * and the thread's interrupt flag is set again.
 *
 * @since 0.1
 */
public final class LockInterruptedException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param lock the lock
     */
    public LockInterruptedException(LockName lock) {
        super(lock, "Interrupted while waiting for lock '" + lock + "'", null);
    }
}
