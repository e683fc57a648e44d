package io.github.lockspring;

import java.time.Duration;

/**
 * A hold of this process has ended in time.
 *
 * @param lock the lock
 * @param fencingToken the token of the hold
 * @param heldFor how long it has lasted
 * @since 0.1
 */
public record LockReleasedEvent(LockName lock, long fencingToken, Duration heldFor) implements LockEvent {}
