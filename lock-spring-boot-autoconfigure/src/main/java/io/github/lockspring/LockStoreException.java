package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * The store could not be asked, did not answer in time, or answered with an error: it is not known whether the lock is
 * free. Never used for a lock that another owner has. The message and the cause contain the error of the store's
 * driver, with the address of the server.
 *
 * @since 0.1
 */
public final class LockStoreException extends LockException {

    private static final long serialVersionUID = 1L;

    /** What is known about the command that failed. */
    public enum Outcome {

        /** It certainly changed nothing, and the same command may work a moment later. */
        NOT_EXECUTED,

        /** It may or may not have been executed, now or later. */
        UNKNOWN,

        /**
         * Repeating it does not help until the configuration is changed: a missing permission, a wrong password, an
         * unknown value. Changes that it may have made end with the lease.
         */
        REFUSED
    }

    private final Outcome outcome;

    /**
     * Creates an exception that concerns one lock.
     *
     * @param lock the lock
     * @param message what could not be done, and what to do
     * @param cause what the store said, or {@code null}
     * @param outcome what is known about the failed command
     */
    public LockStoreException(LockName lock, String message, @Nullable Throwable cause, Outcome outcome) {
        super(lock, message, cause);
        this.outcome = outcome;
    }

    /**
     * Creates an exception of a store; the engine says which lock it concerns.
     *
     * @param message what could not be done, and what to do
     * @param cause the error of the driver, or {@code null}
     * @param outcome what is known about the failed command
     */
    public LockStoreException(String message, @Nullable Throwable cause, Outcome outcome) {
        super(message, cause);
        this.outcome = outcome;
    }

    /**
     * Returns what is known about the failed command.
     *
     * @return the outcome
     */
    public Outcome getOutcome() {
        return this.outcome;
    }
}
