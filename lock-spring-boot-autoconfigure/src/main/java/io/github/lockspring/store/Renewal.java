package io.github.lockspring.store;

import java.time.Duration;

/**
 * One entry of {@link LockStore#renew}.
 *
 * @param tenure the tenure
 * @param lease its time to live from now on
 * @since 0.1
 */
public record Renewal(TenureId tenure, Duration lease) {}
