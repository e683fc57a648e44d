package io.github.lockspring.autoconfigure;

/** Locks were to be used, but there is nowhere to keep them. */
final class NoLockStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoLockStoreException() {
        super(
                "Distributed locks have nowhere to be kept: there is no LockStore bean, and no RedisConnectionFactory bean"
                        + " to keep them in Redis");
    }
}
