package io.github.lockspring;

/**
 * The lock was requested while the application shuts down.
 *
 * @since 0.1
 */
public final class LockShutdownException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param lock the lock
     */
    public LockShutdownException(LockName lock) {
        super(lock, "Lock '" + lock + "' was not acquired: locking has been shut down with the application", null);
    }
}
