package io.github.lockspring;

/**
 * How a tenure holds its lock.
 *
 * @since 0.1
 */
public enum LockMode {

    /** One holder at a time. */
    EXCLUSIVE,

    /** Any number of sharers, or one exclusive holder. */
    SHARED
}
