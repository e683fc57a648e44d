package io.github.lockspring.interceptor;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a locked {@code @Async} method gets. If it ends before the task does, since it is cancelled or the
 * lease is lost, it gives up the place in the queue, or cancels the task and releases its lock. Thread-safe.
 *
 * <p>Executors drop tasks: silently, or when they shut down. Nothing tells that, other than that the task is no longer
 * reachable, or its future is cancelled. Therefore the caller's future keeps neither task nor lease: the engine releases
 * the lock of a lease that is no longer reachable. Callers that wait look for that from time to time.
 */
final class TaskFuture extends CompletableFuture<@Nullable Object> {

    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final Executor executor;

    private final boolean endsWhenLost;

    /** The acquisition, until it is answered: its result is the lease. */
    private volatile @Nullable CompletableFuture<LockLease> asked;

    /** The task, once its acquisition is answered. */
    private volatile @Nullable WeakReference<LockedTask> task;

    private volatile boolean interrupts;

    /**
     * Creates a future.
     *
     * @param executor where it completes if the lease is lost
     * @param endsWhenLost whether the loss of the lease completes it
     */
    TaskFuture(Executor executor, boolean endsWhenLost) {
        this.executor = executor;
        this.endsWhenLost = endsWhenLost;
        CompletableFuture<@Nullable Object> unused = whenComplete((value, failure) -> ended());
    }

    void asks(CompletableFuture<LockLease> acquisition) {
        this.asked = acquisition;
    }

    void isAnswered(LockedTask given) {
        this.task = new WeakReference<>(given);
        this.asked = null;
    }

    /** Returns whether the task is still wanted. */
    boolean isWanted() {
        return !super.isDone();
    }

    /** The engine must not reach the lease from here: it gives a lock back whose lease is no longer reachable. */
    void watch(LockLease lease) {
        if (this.endsWhenLost) {
            WeakReference<TaskFuture> self = new WeakReference<>(this);
            WeakReference<LockLease> lost = new WeakReference<>(lease);
            lease.onLost(() -> {
                TaskFuture future = self.get();
                LockLease ended = lost.get();
                if (future != null && ended != null) {
                    future.lost(ended);
                }
            });
        }
    }

    private void lost(LockLease lease) {
        try {
            lease.ensureHeld();
        } catch (LeaseLostException loss) {
            try {
                this.executor.execute(() -> completeExceptionally(loss));
            } catch (RuntimeException | Error ex) {
                completeExceptionally(loss);
            }
        }
    }

    private void ended() {
        CompletableFuture<LockLease> acquisition = this.asked;
        if (acquisition != null) {
            acquisition.cancel(false);
        }
        LockedTask given = given();
        if (given != null) {
            given.cancel(this.interrupts);
        }
    }

    private @Nullable LockedTask given() {
        WeakReference<LockedTask> reference = this.task;
        return reference != null ? reference.get() : null;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        this.interrupts = mayInterruptIfRunning;
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public boolean isDone() {
        return super.isDone() || isDropped() && super.cancel(false);
    }

    @Override
    public @Nullable Object get() throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return super.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException ex) {
                boolean unused = isDone();
            }
        }
    }

    @Override
    public @Nullable Object get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (TimeoutException ex) {
            if (!isDone()) {
                throw ex;
            }
            return super.get();
        }
    }

    private boolean isDropped() {
        if (this.task == null) {
            return false;
        }
        LockedTask given = given();
        return given == null || given.isDropped();
    }
}
