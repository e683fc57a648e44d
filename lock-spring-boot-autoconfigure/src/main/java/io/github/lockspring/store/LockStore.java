package io.github.lockspring.store;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockStoreException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Where locks are kept: the only place that knows which owner has a lock. Thread-safe and asynchronous: no method
 * blocks, stages may complete on any thread, at once or much later, out of order, or never; the engine sets its own
 * deadlines. A stage fails with {@link LockStoreException}, whose outcome tells whether the command may still take
 * effect.
 *
 * <p>What an engine asks a store for is a <em>tenure</em>: the time in which one process deals with the store for a
 * lock, first asking for it, then having it, until it is given back. A tenure has one <em>owner</em>, a text that is
 * new for each tenure and by which alone the store knows it, and one lease, the time after which the lock is free
 * unless the tenure is renewed. The store has nothing to do with threads or callers. Those of the process <em>hold</em>
 * the lock one after the other within its tenure, without the store being asked as long as the lease suffices; the
 * fencing token of each hold follows from the last number that the store has given to the tenure. A tenure ends when
 * its lock is freed, goes to another owner, or its lease is over.
 *
 * <p>A minimal store implements {@link #acquire}, {@link #renew} and {@link ReleaseMode.Free}; what else it can do, its
 * {@link #capabilities()} say. Commands sent by one caller one after the other need not be executed in that order.
 *
 * @since 0.1
 */
public interface LockStore {

    /**
     * Acquires a free lock, or answers who has it. Idempotent for an owner: whoever has the lock already, because the
     * command was retried or because it was granted meanwhile, gets it again, with a new number and a lease no shorter
     * than what was left of it. If the request may queue, an owner that cannot have the lock stands in the store's
     * queue afterwards, once, in the place of one that came {@link TenureRequest#waited()} ago; asking again is how it
     * is seen to be alive.
     *
     * @param request who asks for what
     * @return the lock, or who has it
     */
    CompletionStage<AcquireOutcome> acquire(TenureRequest request);

    /**
     * Sees to it that the leases of several tenures last for a while from now on. A lease that lasts longer already
     * stays as it is: renewing never shortens. Each renewal is answered by itself, so that one that fails, or takes its
     * time, does not hurt the others.
     *
     * @param renewals tenures and their leases
     * @return a stage for each, in the same order
     */
    List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals);

    /**
     * Ends a tenure, in one of several ways. Never touches a lock that is not the owner's.
     *
     * @param tenure the tenure
     * @param mode what becomes of the lock
     * @return what became of it
     */
    CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode);

    /**
     * Takes an owner out of everything: out of the queue, and out of the lock if it should have got it, which is freed
     * or passed on. Changes nothing where the store does not know the owner. Used after unknown outcomes.
     *
     * @param tenure the tenure
     * @return completes when the store has answered
     */
    default CompletionStage<Void> leave(TenureId tenure) {
        return release(tenure, ReleaseMode.FREE).thenApply(outcome -> null);
    }

    /**
     * Registers the one receiver of grants. Called once, before any other method.
     *
     * @param client the owners of this process without their sequence number: names its channel
     * @param listener told of grants, and of whether they can arrive
     */
    default void onGrant(String client, GrantListener listener) {}

    /**
     * Tells who has a lock.
     *
     * @param fullName full name of the lock
     * @return the holder, empty if the lock is free
     */
    CompletionStage<Optional<LockHolder>> holder(String fullName);

    /**
     * Tells whether a thread serves the store, so that answers wait as long as it is blocked: the engine neither blocks
     * it for a lock nor for a release. Asked before every blocking acquisition.
     *
     * @param thread the current thread
     * @return whether it is one of those of the store, or of its driver
     */
    default boolean mustNotBlock(Thread thread) {
        return false;
    }

    /**
     * Tells what this store can do. Asked for often, so that a constant is best.
     *
     * @return the capabilities, always the same
     */
    default Set<StoreCapability> capabilities() {
        return Set.of();
    }
}
