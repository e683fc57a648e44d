package io.github.lockspring;

import java.time.Duration;

/**
 * Asks a {@link LockStore} for a tenure.
 *
 * @param tenure which locks, for whom
 * @param lease time to live of the lock from the moment it is acquired
 * @param fair whether the lock goes strictly to whoever queued first; otherwise to whoever finds it free
 * @param mayQueue whether the owner waits in the queue if it cannot have the lock at once
 * @param listening whether grants reach this process by message; otherwise only its polls find them
 * @param pollInterval the longest time until this owner asks again while it waits
 * @since 0.1
 */
public record TenureRequest(
        TenureId tenure, Duration lease, boolean fair, boolean mayQueue, boolean listening, Duration pollInterval) {}
