package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything that can go wrong with a lock. Unchecked.
 *
 * @since 0.1
 */
public abstract class LockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened to which lock, and what to do
     * @param cause the cause, or {@code null}
     */
    protected LockException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
