package io.github.lockspring;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Locks for use from code: what {@code @DistributedLock} does for methods. Inject and mock this interface;
 * {@link LockTemplate} implements it. Thread-safe.
 *
 * <p>Guarantee: at most one hold of a lock exists at a time across all processes that share the store and the key
 * prefix, as long as the store keeps its data and clocks run evenly. Re-entry: whoever runs inside a hold re-enters it
 * without a round trip; wait time, lease time and renewal of the inner call do not apply. What runs inside is told by the
 * thread: see {@link LockContext} for threads that run other work while they wait.
 *
 * <p>Methods that wait block their thread, and throw {@link IllegalStateException} at once on a thread that must not be
 * blocked, because answers wait for it meanwhile: the event loop of the Redis driver, Reactor's non-blocking threads.
 * {@link #acquireAsync} is for those.
 *
 * @since 0.1
 */
public interface LockOperations {

    /**
     * Runs work under a lock.
     *
     * @param options which lock, and how
     * @param callback the work
     * @param <T> type of the result
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @return the result of the work
     * @throws E what the work throws
     * @throws LockNotAcquiredException if somebody else has the lock and the wait time is over
     * @throws LockStoreException if the store cannot tell
     * @throws LeaseLostException if the work returned but its lease was lost meanwhile
     */
    <T extends @Nullable Object, E extends Throwable> T execute(LockOptions options, LockCallback<T, E> callback)
            throws E;

    /**
     * Runs work under a lock, see {@link #execute(LockOptions, LockCallback)}.
     *
     * @param options which lock, and how
     * @param action the work
     * @param <T> type of the result
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @return the result of the work
     * @throws E what the work throws
     */
    default <T extends @Nullable Object, E extends Throwable> T execute(LockOptions options, LockAction<T, E> action)
            throws E {
        return execute(options, lease -> action.run());
    }

    /**
     * Runs work under the lock of a name without key, see {@link #execute(LockOptions, LockCallback)}.
     *
     * @param name the name of the lock
     * @param action the work
     * @param <T> type of the result
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @return the result of the work
     * @throws E what the work throws
     */
    default <T extends @Nullable Object, E extends Throwable> T execute(String name, LockAction<T, E> action) throws E {
        return execute(LockOptions.named(name), action);
    }

    /**
     * Runs work without result under a lock, see {@link #execute(LockOptions, LockCallback)}.
     *
     * @param options which lock, and how
     * @param task the work
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @throws E what the work throws
     */
    default <E extends Throwable> void execute(LockOptions options, LockTask<E> task) throws E {
        executeWithoutResult(options, lease -> task.run());
    }

    /**
     * Runs work without result under the lock of a name without key, see
     * {@link #execute(LockOptions, LockCallback)}.
     *
     * @param name the name of the lock
     * @param task the work
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @throws E what the work throws
     */
    default <E extends Throwable> void execute(String name, LockTask<E> task) throws E {
        execute(LockOptions.named(name), task);
    }

    /**
     * Runs work without result that wants to see its lease, see {@link #execute(LockOptions, LockCallback)}. It has a
     * name of its own because the compiler could not tell {@code lease -> work(lease)} with a result from one without.
     *
     * @param options which lock, and how
     * @param work the work
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @throws E what the work throws
     */
    default <E extends Throwable> void executeWithoutResult(LockOptions options, LockConsumer<E> work) throws E {
        LockCallback<LockLease, E> callback = lease -> {
            work.accept(lease);
            return lease;
        };
        execute(options, callback);
    }

    /**
     * Acquires a lock, waiting for it as long as the wait time allows. Bound to the calling thread until closed: what
     * the thread calls meanwhile re-enters it. For a lease that wanders to another thread use {@link #acquireAsync}.
     *
     * @param options which lock, and how
     * @return the lease, to be closed by the caller
     * @throws LockNotAcquiredException if somebody else has the lock and the wait time is over
     * @throws LockStoreException if the store cannot tell
     */
    LockLease acquire(LockOptions options);

    /**
     * Acquires a lock if it is free. Waits only if a wait time is set in the options.
     *
     * @param options which lock, and how
     * @return the lease, to be closed by the caller; empty if somebody else has the lock
     * @throws LockStoreException if the store cannot tell
     */
    Optional<LockLease> tryAcquire(LockOptions options);

    /**
     * Acquires a lock without blocking any thread. The stage fails with the exceptions of {@link #acquire} and never
     * completes on a thread of the store's driver; cancelling its future withdraws the request. The lease is bound to
     * no thread and re-enters nothing unless {@link LockOptions#within} says so.
     *
     * @param options which lock, and how
     * @return the lease to be, to be closed by the caller
     */
    CompletionStage<LockLease> acquireAsync(LockOptions options);

    /**
     * Tells who has a lock and for how much longer. Takes nothing.
     *
     * @param name the name of the lock
     * @param keyParts the parts of its key, if any
     * @return the holder, empty if the lock is free
     * @throws LockStoreException if the store cannot tell
     */
    Optional<LockHolder> holder(String name, Object... keyParts);
}
