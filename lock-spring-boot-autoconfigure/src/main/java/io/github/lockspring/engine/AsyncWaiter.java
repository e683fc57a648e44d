package io.github.lockspring.engine;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A caller that gets a future. */
final class AsyncWaiter extends Waiter {

    private static final long AFTER_ERROR = 100 * Nanos.MILLI;

    private final CompletableFuture<LockLease> future = new CompletableFuture<>();

    private volatile EngineClock.@Nullable Timer timer;

    /** Whether the lease has been handed to the caller, or is given back because it was not. */
    private final AtomicBoolean decided = new AtomicBoolean();

    /** Guarded by the queue. */
    private boolean givenBack;

    /** When the hold was given. Guarded by the queue. */
    private long givenAt;

    private final EngineClock clock;

    private final long commandTimeout;

    AsyncWaiter(LockRequest request, EngineClock clock, long now, long commandTimeout) {
        super(request, now, commandTimeout);
        this.clock = clock;
        this.commandTimeout = commandTimeout;
    }

    CompletableFuture<LockLease> future() {
        return this.future;
    }

    @Override
    boolean takesByItself() {
        return false;
    }

    @Override
    void notice(QueueGuard guard) {
        cancelTimer();
        this.givenAt = this.clock.nanoTime();
        guard.complete(this::complete);
    }

    /** Completing the stage and giving its hold back exclude each other. */
    @Override
    boolean isGone(long now) {
        this.givenBack |= now - this.givenAt >= this.commandTimeout && this.decided.compareAndSet(false, true);
        return this.givenBack || super.isGone(now);
    }

    private void complete() {
        try {
            completeFuture();
        } catch (RuntimeException | Error ex) {
            this.abandoned = true;
            abandon(ex);
            this.future.completeExceptionally(ex);
            throw ex;
        }
    }

    private void completeFuture() {
        Hold hold = hold();
        Refusal refusal = refusal();
        if (hold != null) {
            if (!this.decided.compareAndSet(false, true)) {
                this.future.completeExceptionally(tooLate());
                return;
            }
            LockLease lease = hold.firstLease();
            if (!this.future.complete(lease)) {
                lease.close();
            }
        } else if (refusal != null) {
            this.future.completeExceptionally(
                    refusal.toException(request().name().fullName(), Nanos.elapsed(since(), this.clock.nanoTime())));
        }
    }

    private LockStoreException tooLate() {
        return new LockStoreException(
                "Lock '" + request().name().fullName() + "' was acquired and given back: the callback executor did not"
                        + " complete the stage within " + TimeUnit.NANOSECONDS.toMillis(this.commandTimeout)
                        + " ms. Continue asynchronous acquisitions on threads of your own where they block, or give the"
                        + " engine an executor with more threads",
                null,
                LockStoreException.Outcome.NOT_EXECUTED);
    }

    /** Has the queue look after this caller's deadlines. */
    void watch(LocalQueue queue) {
        long sleep = AFTER_ERROR;
        try {
            sleep = queue.look(this);
        } finally {
            if (!settled() && sleep < Nanos.FOREVER / 2) {
                this.timer = this.clock.schedule(sleep, () -> watch(queue));
                if (settled()) {
                    cancelTimer();
                }
            }
        }
    }

    private void cancelTimer() {
        EngineClock.Timer watching = this.timer;
        if (watching != null) {
            watching.cancel();
        }
    }
}
