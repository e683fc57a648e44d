package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * Something that has happened to a lock in this process: told to {@link LockListener} beans and published as an
 * application event, one after the other, a moment after it has happened.
 *
 * <p>Events of one call and its hold are in order: contended, acquired, then released or lost. Those of different holds
 * need not be: the next hold of a lock may be told to be acquired before the former one is told to be released. Match
 * events by their fencing tokens.
 *
 * @since 0.1
 */
public sealed interface LockEvent
        permits LockAcquiredEvent, LockContendedEvent, LockForcedEvent, LockLostEvent, LockReleasedEvent {

    /**
     * Returns which lock it is.
     *
     * @return the lock; its key is not masked
     */
    LockName lock();

    /**
     * Returns the static name of the lock.
     *
     * @return the name
     */
    default String name() {
        return lock().name();
    }

    /**
     * Returns the key of the lock as logs and exceptions show it.
     *
     * @return the key, or its pseudonym if keys are masked; {@code null} for a lock without key
     */
    default @Nullable String key() {
        return lock().shownKey();
    }
}
