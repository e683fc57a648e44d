package io.github.lockspring;

/**
 * What a {@link LockStore} can do beyond the minimum.
 *
 * @param queues whether waiting owners stand in a queue in the store, in order of arrival
 * @param keeps whether {@link ReleaseMode.KeepIfNobodyWaits} is understood
 * @param expires whether {@link ReleaseMode.ExpireAfter} is understood
 * @param shares whether {@link LockMode#SHARED} is understood
 * @param several whether a tenure may cover several full names
 * @since 0.1
 */
public record StoreCapabilities(boolean queues, boolean keeps, boolean expires, boolean shares, boolean several) {

    /** Acquire, renew, free. */
    public static final StoreCapabilities MINIMAL = new StoreCapabilities(false, false, false, false, false);
}
