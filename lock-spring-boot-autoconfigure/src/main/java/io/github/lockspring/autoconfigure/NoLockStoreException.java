package io.github.lockspring.autoconfigure;

/** Locks were to be used, but there is nowhere to keep them. */
final class NoLockStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoLockStoreException() {
        super(
                "There is no store for distributed locks: neither a LockStore bean, nor a RedisConnectionFactory"
                        + " bean to store them in Redis");
    }
}
