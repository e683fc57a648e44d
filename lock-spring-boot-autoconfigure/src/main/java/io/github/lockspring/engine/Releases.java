package io.github.lockspring.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The releases whose answers are still to come, and waiting for them. Thread-safe. */
final class Releases {

    /** So many may be in flight without a waiting caller; beyond that the store cannot keep up. */
    static final int MOST = 1_000;

    /** Done already: a hold that was followed by another, without the store. */
    static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);

    private final boolean sync;

    /** How many have been sent and not been settled. */
    final AtomicInteger outstanding = new AtomicInteger();

    Releases(ReleaseWait wait) {
        this.sync = wait == ReleaseWait.SYNC;
    }

    /** Whether the releasing caller waits for the answer; {@code mayWait} if its thread may be blocked for that. */
    boolean areAwaited(boolean mayWait) {
        return this.sync || mayWait && this.outstanding.get() > MOST;
    }

    /**
     * Waits until the future is done, the time is over, or the thread is interrupted; keeps an interrupt for the
     * caller.
     */
    static void await(CompletableFuture<Void> future, long nanos) {
        try {
            future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException ex) {
            // the pending leave and the timer take care of it
        }
    }

    /** The same, but an interrupt does not end it: it begins once more, and the interrupt is there when it is over. */
    static void awaitUninterruptibly(CompletableFuture<Void> future, long nanos) {
        boolean interrupted = false;
        do {
            interrupted |= Thread.interrupted();
            await(future, nanos);
        } while (Thread.currentThread().isInterrupted() && !future.isDone());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
