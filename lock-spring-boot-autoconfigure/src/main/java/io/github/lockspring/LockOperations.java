package io.github.lockspring;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Locks for use from code: what {@code @DistributedLock} does for methods. Inject and mock this interface;
 * {@link LockTemplate} implements it. Thread-safe.
 *
 * <p>Guarantee: at most one hold of a lock exists at a time across all processes that share the store and the key
 * prefix, as long as the store keeps its data and clocks run evenly. Re-entry: code that runs inside a hold re-enters
 * it without a round trip; wait time, lease time and renewal of the inner call do not apply. Whether code runs inside a
 * hold is determined by the thread: see {@link LockContext} for threads that run other work while they wait.
 *
 * <p>Methods that wait block their thread, and throw {@link IllegalStateException} immediately on a thread that must
 * not be blocked, because responses are processed on it: the event loop of the Redis driver, Reactor's non-blocking
 * threads. {@link #executeAsync} and {@link #acquireAsync} are for those.
 *
 * @since 0.1
 */
public interface LockOperations {

    /**
     * Runs work under a lock. For work that throws checked exceptions, which reach the caller unchanged, use
     * {@link #call(LockOptions, LockCallback) call} or {@link #run(LockOptions, LockTask) run}.
     *
     * @param options which lock, and how
     * @param work the work; it gets the held lock, which is closed for it
     * @param <T> type of the result
     * @return the result of the work
     * @throws LockNotAcquiredException if another owner has the lock and the wait time is over
     * @throws LockStoreException if the store fails
     * @throws LeaseLostException if the work returned but its lease was lost in the meantime
     */
    default <T extends @Nullable Object> T execute(LockOptions options, Function<? super LockLease, ? extends T> work) {
        LockCallback<T, RuntimeException> callback = work::apply;
        return call(options, callback);
    }

    /**
     * Runs work under the lock of a name without key, see {@link #execute(LockOptions, Function)}.
     *
     * @param name the name of the lock
     * @param work the work
     * @param <T> type of the result
     * @return the result of the work
     */
    default <T extends @Nullable Object> T execute(String name, Function<? super LockLease, ? extends T> work) {
        return execute(LockOptions.named(name), work);
    }

    /**
     * Runs work without result under a lock, see {@link #execute(LockOptions, Function)}. It has a different name
     * because the compiler could not distinguish {@code lease -> work(lease)} with a result from one without.
     *
     * @param options which lock, and how
     * @param work the work; it gets the held lock, which is closed for it
     */
    default void executeWithoutResult(LockOptions options, Consumer<? super LockLease> work) {
        LockCallback<LockLease, RuntimeException> callback = lease -> {
            work.accept(lease);
            return lease;
        };
        call(options, callback);
    }

    /**
     * Runs work without result under the lock of a name without key, see {@link #execute(LockOptions, Function)}.
     *
     * @param name the name of the lock
     * @param work the work
     */
    default void executeWithoutResult(String name, Consumer<? super LockLease> work) {
        executeWithoutResult(LockOptions.named(name), work);
    }

    /**
     * Runs work under a lock as {@link #execute(LockOptions, Function)} does, for work that may throw checked
     * exceptions. All other methods that run work call this method.
     *
     * @param options which lock, and how
     * @param callback the work
     * @param <T> type of the result
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @return the result of the work
     * @throws E what the work throws
     * @throws LockNotAcquiredException if another owner has the lock and the wait time is over
     * @throws LockStoreException if the store fails
     * @throws LeaseLostException if the work returned but its lease was lost in the meantime
     */
    <T extends @Nullable Object, E extends Throwable> T call(LockOptions options, LockCallback<T, E> callback) throws E;

    /**
     * Runs work under a lock, see {@link #call(LockOptions, LockCallback)}.
     *
     * @param options which lock, and how
     * @param action the work
     * @param <T> type of the result
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @return the result of the work
     * @throws E what the work throws
     */
    default <T extends @Nullable Object, E extends Throwable> T call(LockOptions options, LockAction<T, E> action)
            throws E {
        return call(options, lease -> action.run());
    }

    /**
     * Runs work under the lock of a name without key, see {@link #call(LockOptions, LockCallback)}.
     *
     * @param name the name of the lock
     * @param action the work
     * @param <T> type of the result
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @return the result of the work
     * @throws E what the work throws
     */
    default <T extends @Nullable Object, E extends Throwable> T call(String name, LockAction<T, E> action) throws E {
        return call(LockOptions.named(name), action);
    }

    /**
     * Runs work without result under a lock, see {@link #call(LockOptions, LockCallback)}.
     *
     * @param options which lock, and how
     * @param task the work
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @throws E what the work throws
     */
    default <E extends Throwable> void run(LockOptions options, LockTask<E> task) throws E {
        LockCallback<LockLease, E> callback = lease -> {
            task.run();
            return lease;
        };
        call(options, callback);
    }

    /**
     * Runs work without result under the lock of a name without key, see {@link #call(LockOptions, LockCallback)}.
     *
     * @param name the name of the lock
     * @param task the work
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @throws E what the work throws
     */
    default <E extends Throwable> void run(String name, LockTask<E> task) throws E {
        run(LockOptions.named(name), task);
    }

    /**
     * Runs work under a lock if it can be acquired within the wait time of the options, or of the settings; otherwise
     * does not run it. Use {@code waitTime(Duration.ZERO)} for work that is done elsewhere already. Only "another owner
     * has the lock" is answered by {@code false}: a {@link LockNotAcquiredException} of the work reaches the caller.
     *
     * @param options which lock, and how
     * @param task the work
     * @param <E> what the work may throw; it reaches the caller unchanged
     * @return whether the work was run
     * @throws E what the work throws
     * @throws LockStoreException if the store fails
     * @throws LeaseLostException if the work returned but its lease was lost in the meantime
     */
    <E extends Throwable> boolean tryRun(LockOptions options, LockTask<E> task) throws E;

    /**
     * Runs work under a lock if it can be acquired within the wait time of the options, or of the settings; see {@link
     * #tryRun}.
     *
     * @param options which lock, and how
     * @param work the work; it gets the held lock, which is closed for it
     * @param <T> type of the result
     * @return the result of the work, empty if it was not run
     */
    <T> Optional<T> tryExecute(LockOptions options, Function<? super LockLease, ? extends T> work);

    /**
     * Acquires a lock, waiting for it as long as the wait time allows. Bound to the calling thread until closed: code
     * that the thread calls until then re-enters it. For a lease that is passed to another thread, use {@link
     * #acquireAsync}.
     *
     * @param options which lock, and how
     * @return the lease, which the caller must close
     * @throws LockNotAcquiredException if another owner has the lock and the wait time is over
     * @throws LockStoreException if the store fails
     */
    LockLease acquire(LockOptions options);

    /**
     * Acquires a lock as {@link #acquire} does, but keeps waiting in its place in the queue when the thread is
     * interrupted. If the thread was interrupted before or during the call, its interrupt flag is set again when the
     * method returns or throws.
     *
     * @param options which lock, and how
     * @return the lease, which the caller must close
     * @throws LockNotAcquiredException if another owner has the lock and the wait time is over
     * @throws LockStoreException if the store fails
     */
    LockLease acquireUninterruptibly(LockOptions options);

    /**
     * Acquires a lock if it is free. Never waits for others, regardless of the wait time of the options or the
     * configured settings.
     *
     * @param options which lock, and how
     * @return the lease, which the caller must close; empty if another owner has the lock
     * @throws LockStoreException if the store fails
     */
    default Optional<LockLease> tryAcquire(LockOptions options) {
        return tryAcquire(options, Duration.ZERO);
    }

    /**
     * Acquires a lock, waiting for others up to the given wait time, regardless of the wait time of the options or the
     * configured settings.
     *
     * @param options which lock, and how
     * @param waitTime longest time to wait for others, not negative
     * @return the lease, which the caller must close; empty if another owner has the lock and the wait time is over
     * @throws LockStoreException if the store fails
     * @throws IllegalArgumentException if the wait time is null or negative
     */
    Optional<LockLease> tryAcquire(LockOptions options, Duration waitTime);

    /**
     * Acquires a lock without blocking any thread. The stage fails with the exceptions of {@link #acquire} and never
     * completes on a thread of the store's driver; cancelling its future withdraws the request. The lease is not bound
     * to a thread, and does not re-enter another lease unless {@link LockOptions#within} is set.
     *
     * <p>Close the lease when the work is done, for example in {@code whenComplete}. A lease that is not closed is
     * renewed until it is garbage collected; then the lock is released, with a warning.
     *
     * @param options which lock, and how
     * @return the lease to be, to be closed by the caller
     */
    CompletionStage<LockLease> acquireAsync(LockOptions options);

    /**
     * Acquires a lock if it is free, without blocking any thread; otherwise like {@link #tryAcquire(LockOptions)} and
     * {@link #acquireAsync}.
     *
     * @param options which lock, and how
     * @return a stage with the lease, which the caller must close; empty if another owner has the lock
     */
    default CompletionStage<Optional<LockLease>> tryAcquireAsync(LockOptions options) {
        return tryAcquireAsync(options, Duration.ZERO);
    }

    /**
     * Acquires a lock, waiting for others up to the given wait time, without blocking any thread; otherwise like {@link
     * #tryAcquire(LockOptions, Duration)} and {@link #acquireAsync}.
     *
     * @param options which lock, and how
     * @param waitTime longest time to wait for others, not negative
     * @return a stage with the lease, which the caller must close; empty if another owner has the lock and the wait
     *     time is over
     * @throws IllegalArgumentException if the wait time is null or negative
     */
    CompletionStage<Optional<LockLease>> tryAcquireAsync(LockOptions options, Duration waitTime);

    /**
     * Runs work under a lock without blocking any thread: the lock is acquired as {@link #acquireAsync} does, the work is
     * begun, and the lock is released when the stage of the work has completed, before the result does.
     *
     * <p>The work begins on a thread of the application (see {@link LockTaskExecution}), also where the lock is free,
     * with the lease bound to that thread until the work has returned its stage. Where the work goes on by other
     * threads, {@link LockOptions#within} re-enters the lock.
     *
     * <p>The result fails with the exceptions of {@link #call(LockOptions, LockCallback) call} and with {@link
     * LeaseLostException} as soon as the lease is lost. Cancelling its future, or completing it in another way,
     * withdraws the request; once the work has begun, it cancels the future of the work and releases the lock
     * immediately, although work that does not heed the cancellation may still be running.
     *
     * @param options which lock, and how
     * @param work the work; gets the held lock, which is closed for it
     * @param <T> type of the result
     * @return the result of the work
     * @since 0.1
     */
    <T extends @Nullable Object> CompletionStage<T> executeAsync(
            LockOptions options, Function<? super LockLease, ? extends @Nullable CompletionStage<T>> work);

    /**
     * Returns who has a lock and for how much longer, without acquiring it. Never returns a lease of this process that
     * has been closed, unless its {@linkplain LockOptions#holdAtLeast time to hold at least} still keeps others out:
     * while its release is in progress, the response of the store is awaited.
     *
     * @param name the name of the lock
     * @param keyParts the parts of its key, if any
     * @return the holder, empty if the lock is free
     * @throws LockStoreException if the store fails
     */
    default Optional<LockHolder> holder(String name, Object... keyParts) {
        return holder(LockOptions.of(LockName.of(name, keyParts)));
    }

    /**
     * Returns who has a lock and for how much longer, see {@link #holder(String, Object...)}.
     *
     * @param options which lock; all other options are ignored
     * @return the holder, empty if the lock is free
     * @throws LockStoreException if the store fails
     */
    Optional<LockHolder> holder(LockOptions options);
}
