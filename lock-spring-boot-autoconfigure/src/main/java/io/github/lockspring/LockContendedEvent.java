package io.github.lockspring;

import org.jspecify.annotations.Nullable;

/**
 * A caller of this process has found that another caller has the lock: once for each call, whether or not it waits.
 *
 * @param lock the lock
 * @param holder who has it; {@code null} if that is not known, as for the next caller of this process
 * @since 0.1
 */
public record LockContendedEvent(LockName lock, @Nullable LockHolder holder) implements LockEvent {}
