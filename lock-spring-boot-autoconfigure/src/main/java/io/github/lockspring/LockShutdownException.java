package io.github.lockspring;

/**
 * The lock was asked for while the application shuts down.
 *
 * @since 0.1
 */
public final class LockShutdownException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param fullName full name of the lock
     */
    public LockShutdownException(String fullName) {
        super("Lock '" + fullName + "' was not acquired: locking has been shut down with the application", null);
    }
}
