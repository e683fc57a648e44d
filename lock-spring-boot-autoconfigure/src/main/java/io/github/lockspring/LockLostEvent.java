package io.github.lockspring;

import java.time.Duration;

/**
 * A hold of this process is lost: its work may still run, and is no longer protected.
 *
 * @param lock the lock
 * @param fencingToken the token of the hold
 * @param heldFor how long it has lasted
 * @param loss what its caller gets, with the reason
 * @since 0.1
 */
public record LockLostEvent(LockName lock, long fencingToken, Duration heldFor, LeaseLostException loss)
        implements LockEvent {}
