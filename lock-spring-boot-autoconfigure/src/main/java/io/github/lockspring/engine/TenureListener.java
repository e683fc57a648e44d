package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The requester of a tenure. Notified inside the guard, with the tenure concerned, which may no longer be its present
 * one.
 *
 * @param <T> the tenure, which knows its listener and is unknown here
 */
interface TenureListener<T> {

    /** The timer looks after it. */
    void checked(T tenure, long now);

    /** The lock is the tenure's, or is again, with a number of the store's. */
    void acquired(T tenure, long number, long now);

    /** Another process has the lock. */
    void contended(T tenure, long now);

    /** A request failed, and is repeated. */
    void failed(T tenure, LockStoreException failure, long now);

    /** The tenure is over: the store refuses the request. */
    void refused(T tenure, LockStoreException failure, long now);

    /** A renewal was answered, or not in time: the lease has been extended, or the outcome is unknown. */
    void renewed(T tenure, boolean extended, long now);

    /** The tenure is over: its lease is over, or the store reports that it no longer has the lock. */
    void lost(T tenure, String reason, long now);

    /** The tenure is over: given back, or handed over, or the outcome is unknown and its owner leaves. */
    void gone(T tenure, @Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now);
}
