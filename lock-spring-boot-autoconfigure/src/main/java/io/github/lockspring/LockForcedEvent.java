package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * An operator has taken a lock away from its holder, through this process. The holder may be another process, which
 * tells the loss itself ({@link LockLostEvent}) when it notices.
 *
 * @param lock the lock
 * @param holder who has lost it
 * @param principal who has done it; {@code null} if that is not known, as without authentication
 * @param reason why; {@code null} if no reason was given
 * @since 0.1
 */
public record LockForcedEvent(
        LockName lock,
        LockHolder holder,
        @Nullable String principal,
        @Nullable String reason) implements LockEvent {}
