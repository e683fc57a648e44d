package io.github.lockspring.store;

import io.github.lockspring.LockMode;

/**
 * What a {@link LockStore} can do beyond acquiring, renewing and freeing exclusive locks one by one.
 *
 * @since 0.1
 */
public enum StoreCapability {

    /** Waiting owners stand in a queue in the store, in order of arrival. */
    QUEUE,

    /** {@link ReleaseMode.KeepIfNobodyWaits} is understood. */
    KEEP,

    /** {@link ReleaseMode.ExpireAfter} is understood. */
    EXPIRE,

    /** {@link LockMode#SHARED} is understood. */
    SHARE,

    /** A tenure may cover several full names. */
    SEVERAL_NAMES
}
