package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything that can go wrong with a lock. Unchecked.
 *
 * <p>An exception that concerns one lock names it. Messages name neither the process that has the lock nor its owner
 * id, because they may be shown to end users. Accessors return it, such as {@link
 * LockNotAcquiredException#getHolder()}. Where the property {@code distributed-lock.mask-keys} is true, messages and
 * accessors contain a pseudonym instead of the key.
 *
 * @since 0.1
 */
public abstract class LockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String lockName;

    private final @Nullable String key;

    private final @Nullable String fullName;

    /**
     * Creates an exception that does not concern a particular lock.
     *
     * @param message what happened, and what to do
     * @param cause the cause, or {@code null}
     */
    protected LockException(String message, @Nullable Throwable cause) {
        this(message, cause, null, null, null);
    }

    /**
     * Creates an exception that concerns one lock.
     *
     * @param lock the lock
     * @param message what happened to it, and what to do
     * @param cause the cause, or {@code null}
     */
    protected LockException(LockName lock, String message, @Nullable Throwable cause) {
        this(message, cause, lock.name(), lock.shownKey(), lock.toString());
    }

    /** For a lock of which only the name is known. */
    LockException(@Nullable String lockName, String message, @Nullable Throwable cause) {
        this(message, cause, lockName, null, null);
    }

    /** For the same lock as another one. */
    LockException(LockException other, String message) {
        this(message, null, other.lockName, other.key, other.fullName);
    }

    private LockException(
            String message,
            @Nullable Throwable cause,
            @Nullable String lockName,
            @Nullable String key,
            @Nullable String fullName) {
        super(message, cause);
        this.lockName = lockName;
        this.key = key;
        this.fullName = fullName;
    }

    /**
     * Returns the static name of the lock, which metrics and per-name properties refer to. An application has few of
     * them.
     *
     * @return the name, {@code null} if the exception does not concern one lock
     */
    public @Nullable String getLockName() {
        return this.lockName;
    }

    /**
     * Returns the key of the lock.
     *
     * @return the key, or its pseudonym if keys are masked; {@code null} for a lock without key, or if it is not known
     */
    public @Nullable String getKey() {
        return this.key;
    }

    /**
     * Returns the full name of the lock.
     *
     * @return name and key, with the pseudonym of the key if keys are masked; {@code null} if it is not known
     */
    public @Nullable String getFullName() {
        return this.fullName;
    }
}
