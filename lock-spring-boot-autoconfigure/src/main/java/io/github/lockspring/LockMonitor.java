package io.github.lockspring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Is told by an engine what becomes of each call that asks for a lock, and how its leases are kept alive. Metrics,
 * observations, events and warnings are made of that.
 *
 * <p>Called on the threads of callers, and on those that process the answers of the store or watch over leases: methods
 * must return immediately, must not block and must not ask for locks. What they throw is logged, and changes nothing.
 * Implementations must be thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LockMonitor {

    /**
     * A call asks for a lock that its caller does not hold: not called for one that is entered again. On the thread of
     * the caller, before it waits for anything.
     *
     * @param request what is asked for
     * @return is told what becomes of it; {@code null} to be told nothing
     */
    @Nullable Call begin(LockRequest request);

    /**
     * The lease of a lock was renewed.
     *
     * @param name the lock
     * @param late for how long the renewal had been due when it was answered; {@link Duration#ZERO} if it was in time
     */
    default void renewed(LockName name, Duration late) {}

    /**
     * A renewal has failed, or was not answered in time, and is repeated for as long as the lease lasts. Told once of
     * each.
     *
     * @param name the lock
     * @param failure why
     */
    default void renewalFailed(LockName name, LockStoreException failure) {}

    /**
     * The lock was handed over to another process, whose request had waited longest.
     *
     * @param name the lock
     */
    default void handedOver(LockName name) {}

    /**
     * Work was left out because another caller has the lock: an annotated method that is skipped, or what was given to
     * {@link LockOperations#tryRun tryRun} or {@link LockOperations#tryExecute tryExecute}. Its call has been refused,
     * unless the caller has the lock itself and may not enter it again ({@code reentrant = false}): then no call has
     * begun.
     *
     * @param failure what the call got
     */
    default void skipped(LockNotAcquiredException failure) {}

    /**
     * A hold is lost. Told of every hold, also where {@link #begin} has returned {@code null}.
     *
     * @param name the lock
     * @param heldFor how long ago the hold began
     * @param loss what its caller gets
     */
    default void lost(LockName name, Duration heldFor, LeaseLostException loss) {}

    /**
     * One call: contended or not, then either acquired or refused; if acquired, then either released or lost. The end of
     * a hold may be told before its beginning is, by another thread. Nothing is said of the order of different calls: the
     * next one may be told to be acquired before the former one is told to be released.
     */
    interface Call {

        /**
         * Another caller has the lock. Told once, whether or not there is time to wait.
         *
         * @param holder who has it, as far as is known
         */
        default void contended(@Nullable LockHolder holder) {}

        /**
         * The caller has the lock. On its thread or, for an asynchronous call, on that which completes the stage.
         *
         * @param fencingToken the token of the hold
         * @param handedOff whether another caller of this process has passed it on
         */
        default void acquired(long fencingToken, boolean handedOff) {}

        /**
         * The caller does not get the lock. On the same threads.
         *
         * @param failure what it gets: a {@link LockException} unless something has gone wrong
         */
        default void refused(Throwable failure) {}

        /**
         * Where the call was made, for messages that are logged about it.
         *
         * @return an exception that was created there; {@code null} if that is not known
         */
        default @Nullable Throwable origin() {
            return null;
        }

        /** The hold has ended in time. */
        default void released() {}

        /**
         * The hold is lost.
         *
         * @param loss what its caller gets
         */
        default void lost(LeaseLostException loss) {}
    }
}
