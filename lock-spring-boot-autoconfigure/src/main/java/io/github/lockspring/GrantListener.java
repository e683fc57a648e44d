package io.github.lockspring;

/**
 * Told by a {@link LockStore} of grants. Never blocks; may be called more than once for one grant, and late, but never
 * by a thread that is inside a method of the store.
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
     * Grants can arrive from now on, or cannot any more. Called with {@code true} after every subscription anew, since
     * messages may have been missed before it.
     *
     * @param listening whether the subscription is confirmed
     */
    void onListening(boolean listening);
}
