package io.github.lockspring.interceptor;

/**
 * What happens if a {@link io.github.lockspring.annotation.DistributedLock} cannot work.
 *
 * @since 0.1
 */
public enum LockValidation {

    /** The bean is not created, and so the application does not start. */
    FAIL,

    /** The problem is logged. Calls that cannot be locked fail; those that bypass the proxy run without lock. */
    WARN,

    /** Nothing is checked before the first call. Calls that bypass the proxy run without lock. */
    OFF
}
