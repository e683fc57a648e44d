package io.github.lockspring.autoconfigure;

/** Locking is enabled, but there is no store for locks. */
final class NoLockStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoLockStoreException() {
        super("There is no store for distributed locks: neither a LockStore bean, nor a RedisConnectionFactory"
                + " bean to store them in Redis");
    }
}
