package io.github.lockspring;

import java.time.Duration;

/**
 * A caller of this process has acquired a lock. Not for a lock that it enters again.
 *
 * @param lock the lock
 * @param fencingToken the token of the hold, by which its end can be recognised
 * @param waitedFor how long the caller has waited
 * @param handedOff whether another caller of this process has passed the lock on
 * @since 0.1
 */
public record LockAcquiredEvent(LockName lock, long fencingToken, Duration waitedFor, boolean handedOff)
        implements LockEvent {}
