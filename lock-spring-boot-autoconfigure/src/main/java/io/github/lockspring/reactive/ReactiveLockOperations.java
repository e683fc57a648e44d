package io.github.lockspring.reactive;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Locks for Reactor's pipelines. No thread is blocked: each subscription acquires the lock, subscribes to the work, and
 * releases the lock when the work completes, fails or is cancelled. Nothing is acquired without a subscription.
 * Thread-safe.
 *
 * <p>The work is subscribed to on the executor of the application (see {@link
 * io.github.lockspring.LockTaskExecution}). It finds its lease in Reactor's context ({@link ReactiveLockContext}), by
 * which inner pipelines re-enter the lock; a lease that the subscribing thread holds is not re-entered.
 *
 * <p>A result fails with the exceptions of {@link io.github.lockspring.LockOperations#acquireAsync acquireAsync}, and
 * with {@link io.github.lockspring.LeaseLostException} as soon as the lease is lost, which cancels the work. Cancelling
 * a subscription that waits withdraws its request.
 *
 * @since 0.1
 */
public interface ReactiveLockOperations {

    /**
     * Runs work under a lock.
     *
     * @param options which lock, and how
     * @param work subscribed to under the lock, once for each subscription to the result
     * @param <T> type of the result
     * @return the work under the lock; its value is passed on once the lock is released
     */
    default <T> Mono<T> withLock(LockOptions options, Mono<T> work) {
        return usingLock(options, lease -> work);
    }

    /**
     * Runs work under a lock.
     *
     * @param options which lock, and how
     * @param work gets the held lock, which is closed for it; called once for each subscription to the result
     * @param <T> type of the result
     * @return the work under the lock; its value is passed on once the lock is released
     */
    <T> Mono<T> usingLock(LockOptions options, Function<? super LockLease, ? extends Mono<T>> work);

    /**
     * Runs work with many values under a lock, which is held from the subscription to the end. Demand is passed on
     * unchanged.
     *
     * @param options which lock, and how
     * @param work subscribed to under the lock, once for each subscription to the result
     * @param <T> type of the values
     * @return the work under the lock
     */
    default <T> Flux<T> withLockMany(LockOptions options, Publisher<T> work) {
        return usingLockMany(options, lease -> work);
    }

    /**
     * Runs work with many values under a lock, see {@link #withLockMany(LockOptions, Publisher)}.
     *
     * @param options which lock, and how
     * @param work gets the held lock, which is closed for it; called once for each subscription to the result
     * @param <T> type of the values
     * @return the work under the lock
     */
    <T> Flux<T> usingLockMany(LockOptions options, Function<? super LockLease, ? extends Publisher<T>> work);

    /**
     * Returns who has a lock and for how much longer, without acquiring it. The store is asked by a thread that may be
     * blocked.
     *
     * @param options which lock; all other options are ignored
     * @return the holder, empty if the lock is free
     */
    Mono<LockHolder> holder(LockOptions options);
}
