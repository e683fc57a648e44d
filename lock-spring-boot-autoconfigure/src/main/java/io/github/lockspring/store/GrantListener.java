package io.github.lockspring.store;

/**
 * Notified by a {@link LockStore} of grants. Never blocks; may be called more than once for one grant, and late, but
 * never by a thread that is inside a method of the store unless a method says so.
 *
 * @since 0.1
 */
public interface GrantListener {

    /**
     * A grant has arrived.
     *
     * @param grant the grant
     */
    void onGrant(Grant grant);

    /**
     * The store knows, without having been asked, that a tenure no longer has its lock: it was removed by hand, or the data
     * of the store are gone. A store need not tell: the next renewal finds it. An owner that does not have the lock, or no
     * longer knows of it, is not affected.
     *
     * @param tenure the tenure
     */
    default void onLost(TenureId tenure) {}

    /**
     * Grants can arrive from now on, or can no longer arrive. Called with {@code true} after each new subscription,
     * because messages may have been missed before it.
     *
     * @param listening whether the subscription is confirmed
     */
    void onListening(boolean listening);

    /**
     * The store is reached over a new connection: commands sent over the old one may be executed late or never, and
     * this process may be a copy of another one that is still running (a restored or cloned machine). May be called by
     * a thread that is inside a method of the store.
     */
    default void onReconnected() {}
}
