package io.github.lockspring.engine;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A caller that gets a future. */
final class AsyncWaiter extends Waiter {

    private final CompletableFuture<LockLease> future = new CompletableFuture<>();

    private volatile EngineClock.@Nullable Timer timer;

    private final EngineClock clock;

    AsyncWaiter(LockRequest request, EngineClock clock, long now, long commandTimeout) {
        super(request, now, commandTimeout);
        this.clock = clock;
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
        guard.callback(this::complete);
    }

    private void complete() {
        Hold hold = hold();
        Refusal refusal = refusal();
        if (hold != null) {
            LockLease lease = hold.firstLease();
            if (!this.future.complete(lease)) {
                lease.close();
            }
        } else if (refusal != null) {
            this.future.completeExceptionally(
                    refusal.toException(request().name().fullName(), Nanos.left(this.clock.nanoTime(), since())));
        }
    }

    /** Has the queue look after this caller's deadlines. */
    void watch(LocalQueue queue) {
        long sleep = queue.look(this);
        if (!settled() && sleep < Nanos.FOREVER / 2) {
            this.timer = this.clock.schedule(sleep, () -> watch(queue));
            if (settled()) {
                cancelTimer();
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
