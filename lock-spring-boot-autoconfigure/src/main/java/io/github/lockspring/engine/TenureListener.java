package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Whoever wanted a tenure. Told of everything inside the guard, by which tenure: it may have gone on without that one.
 *
 * @param <T> the tenure, which knows its listener and is not known here
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

    /** The tenure is over: the store will not do what it was asked. */
    void refused(T tenure, LockStoreException failure, long now);

    /** A renewal was answered, or was not in time: the lease has been extended, or nobody knows. */
    void renewed(T tenure, boolean extended, long now);

    /** The tenure is over: its lease is, or the store says that the lock is not its any more. */
    void lost(T tenure, String reason, long now);

    /** The tenure is over: given back, or handed over, or nobody knows and its owner leaves. */
    void gone(T tenure, @Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now);
}
