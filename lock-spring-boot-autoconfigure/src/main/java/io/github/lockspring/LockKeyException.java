package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * A name or key part cannot identify a lock: it is null, blank, a container, or has no text form of its own.
 *
 * @since 0.1
 */
public final class LockKeyException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was found where, and what to do
     */
    public LockKeyException(String message) {
        this(message, null);
    }

    /**
     * Creates an exception.
     *
     * @param message what was found where, and what to do
     * @param cause the cause, or {@code null}
     */
    public LockKeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates an exception.
     *
     * @param lockName static name of the lock, or {@code null}
     * @param message what was found where, and what to do
     * @param cause the cause, or {@code null}
     */
    public LockKeyException(@Nullable String lockName, String message, @Nullable Throwable cause) {
        super(lockName, message, cause);
    }
}
