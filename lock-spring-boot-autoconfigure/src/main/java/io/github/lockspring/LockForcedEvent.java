package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * An operator has taken a lock away from its holder, through this process, or may have done so. The holder may be another process, which
 * tells the loss itself ({@link LockLostEvent}) when it notices.
 *
 * @param lock the lock
 * @param holder who has lost it
 * @param certain whether the store has confirmed that, and that the holder does not have the lock after it; otherwise it has
 *     not answered one of the two in time, and the holder may have the lock still
 * @param principal who has done it; {@code null} if that is not known, as without authentication
 * @param reason why; {@code null} if no reason was given
 * @since 0.1
 */
public record LockForcedEvent(
        LockName lock,
        LockHolder holder,
        boolean certain,
        @Nullable String principal,
        @Nullable String reason) implements LockEvent {}
