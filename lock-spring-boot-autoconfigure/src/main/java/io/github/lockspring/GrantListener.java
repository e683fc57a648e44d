package io.github.lockspring;

/**
 * Told by a {@link LockStore} of grants. Never blocks; may be called on any thread, more than once for one grant, and
 * late.
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
