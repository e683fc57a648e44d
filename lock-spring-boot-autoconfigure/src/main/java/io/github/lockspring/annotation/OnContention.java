package io.github.lockspring.annotation;

/**
 * What a call of a locked method does when another caller has the lock and the wait time is over.
 *
 * @since 0.1
 */
public enum OnContention {

    /** It throws {@link io.github.lockspring.LockNotAcquiredException}. */
    THROW,

    /** It returns {@code null}, or an empty {@code Optional}, without running the method. Logged at DEBUG. */
    SKIP
}
