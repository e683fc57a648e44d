package io.github.lockspring.store;

import java.time.Duration;

/**
 * What happens to a lock whose hold has ended.
 *
 * @since 0.1
 */
public sealed interface ReleaseMode {

    /** It is freed, or granted to the owner that has waited longest. */
    record Free() implements ReleaseMode {}

    /**
     * If no owner waits that can be granted, the tenure goes on with a new number and lease; otherwise as {@link Free}.
     * The lease is set as given, even if more was left of the previous one.
     *
     * @param lease time to live from now on if the tenure goes on
     */
    record KeepIfNobodyWaits(Duration lease) implements ReleaseMode {}

    /**
     * It stays locked for a while, and is not granted to another owner.
     *
     * @param remainder for how long
     */
    record ExpireAfter(Duration remainder) implements ReleaseMode {}

    /** The one {@link Free}. */
    ReleaseMode FREE = new Free();
}
