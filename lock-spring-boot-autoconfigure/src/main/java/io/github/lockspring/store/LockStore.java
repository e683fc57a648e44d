package io.github.lockspring.store;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStoreException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Stores locks: the only place that knows which owner has a lock. Thread-safe and asynchronous: no method blocks,
 * stages may complete on any thread, immediately or much later, out of order, or never; the engine sets its own
 * deadlines. A stage fails with {@link LockStoreException}, whose outcome tells whether the command may still take
 * effect.
 *
 * <p>An engine asks a store for a <em>tenure</em>: the time in which one process deals with the store for a lock, from
 * the request until the lock is given back. A tenure has one <em>owner</em>, a text that is new for each tenure and by
 * which the store identifies it, and one lease, the time after which the lock is free unless the tenure is renewed. The
 * store does not know threads or callers. Callers of the process <em>hold</em> the lock one after the other within its
 * tenure, without a command to the store as long as the lease is long enough; the fencing token of each hold follows
 * from the last number that the store has given to the tenure. A tenure ends when its lock is freed, goes to another
 * owner, or its lease is over.
 *
 * <p>A minimal store implements {@link #acquire}, {@link #renew} and {@link ReleaseMode.Free}; everything else that it
 * supports is in its {@link #capabilities()}. Commands sent by one caller one after the other need not be executed in
 * that order.
 *
 * @since 0.1
 */
public interface LockStore {

    /**
     * Acquires a free lock, or answers who has it. Idempotent for an owner: an owner that already has the lock, because
     * the command was retried or because the lock was granted in the meantime, gets it again, with a new number and a
     * lease no shorter than what was left of it. If the request may queue, an owner that cannot have the lock is in the
     * store's queue afterwards, once, in the place of an owner that came {@link TenureRequest#waited()} ago; by asking
     * again it shows that it is alive.
     *
     * @param request the owner, and what it asks for
     * @return the lock, or who has it
     */
    CompletionStage<AcquireOutcome> acquire(TenureRequest request);

    /**
     * Renews the leases of several tenures. A lease that already lasts longer is not changed: renewal never shortens a
     * lease. Each renewal is answered separately, so that one that fails, or takes long, does not affect the others.
     *
     * @param renewals tenures and their leases
     * @return a stage for each, in the same order
     */
    List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals);

    /**
     * Ends a tenure, in one of several ways. Never touches a lock of another owner.
     *
     * @param tenure the tenure
     * @param mode what becomes of the lock
     * @return what became of it
     */
    CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode);

    /**
     * Removes an owner from the queue, and from the lock if it has got it, which is then freed or granted to another
     * owner. Changes nothing if the store does not know the owner. Used after unknown outcomes.
     *
     * @param tenure the tenure
     * @return completes when the store has answered
     */
    default CompletionStage<Void> leave(TenureId tenure) {
        return release(tenure, ReleaseMode.FREE).thenApply(outcome -> null);
    }

    /**
     * Registers the one receiver of grants of an engine. Called once for each engine, before its other calls: an
     * application that is stopped and started again has a new engine, with other owners.
     *
     * @param client the owners of this process without their sequence number: names its channel
     * @param listener notified of grants, and of whether they can arrive
     */
    default void onGrant(String client, GrantListener listener) {}

    /**
     * Ends what {@link #onGrant} has begun, so that another engine may register itself. Called at the end of an engine,
     * once its locks have been released; may wait for what it ends, unless the thread must not block. Does nothing if the
     * client is not registered, as after the end of the store.
     *
     * @param client the owners of the engine without their sequence number
     */
    default void offGrant(String client) {}

    /**
     * Returns who has a lock.
     *
     * @param fullName full name of the lock
     * @return the holder, empty if the lock is free
     */
    CompletionStage<Optional<LockHolder>> holder(String fullName);

    /**
     * Returns whether a thread processes responses of the store, which are delayed while it is blocked: the engine
     * blocks it neither for a lock nor for a release. Asked before every blocking acquisition.
     *
     * @param thread the current thread
     * @return whether it belongs to the store, or to its driver
     */
    default boolean mustNotBlock(Thread thread) {
        return false;
    }

    /**
     * Returns what this store has found out about its server, as far as it is known now. Neither asks the server nor
     * waits.
     *
     * @return the findings, by default none
     */
    default StoreReport report() {
        return StoreReport.EMPTY;
    }

    /**
     * Returns what this store supports. Called often, so it should return a constant.
     *
     * @return the capabilities, always the same
     */
    default Set<StoreCapability> capabilities() {
        return Set.of();
    }
}
