package io.github.lockspring.engine;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A caller that gets a future. */
final class AsyncWaiter extends Waiter {

    private static final CompletableFuture<LockLease> NOBODYS = new CompletableFuture<>();

    /** The caller's alone once it is completed: a lease that the caller drops must not be reachable from here. */
    CompletableFuture<LockLease> future = new CompletableFuture<>();

    private volatile EngineClock.@Nullable Timer timer;

    /** Whether the lease has been handed to the caller, or is given back because it was not. */
    private final AtomicBoolean decided = new AtomicBoolean();

    /** When the hold was given. Guarded by the queue. */
    private long givenAt;

    AsyncWaiter(LockRequest request, EngineContext engine, long now) {
        super(request, engine, now, false);
    }

    @Override
    void notice(QueueGuard guard) {
        EngineClock.Timer watching = this.timer;
        if (watching != null) {
            watching.cancel();
        }
        this.givenAt = this.engine.clock.nanoTime();
        guard.afterwards(() -> this.engine.callbacks.complete(this::complete));
    }

    /** Completing the stage and giving its hold back exclude each other. */
    @Override
    boolean isGone(long now) {
        if (now - this.givenAt >= this.engine.commandTimeout && this.decided.compareAndSet(false, true)) {
            this.abandoned = true;
        }
        return this.abandoned;
    }

    private void complete() {
        CompletableFuture<LockLease> told = this.future;
        this.future = NOBODYS;
        try {
            Hold given = this.hold;
            if (given == null) {
                told.completeExceptionally(failed(toException()));
            } else if (!this.decided.compareAndSet(false, true)) {
                told.completeExceptionally(failed(tooLate()));
            } else {
                LockLease lease = taken(given.firstUnboundLease(), given);
                if (!told.complete(lease)) {
                    this.abandoned = true;
                    lease.close();
                }
            }
        } catch (RuntimeException | Error ex) {
            this.abandoned = true;
            withdrawAfter(ex);
            told.completeExceptionally(failed(ex));
            throw ex;
        }
    }

    private LockStoreException tooLate() {
        return new LockStoreException(
                this.request.name(),
                "Lock '" + this.request.name()
                        + "' was acquired and released again: the callback executor did not"
                        + " complete the stage within " + TimeUnit.NANOSECONDS.toMillis(this.engine.commandTimeout)
                        + " ms. Run continuations that block on your own threads, or give the engine an executor"
                        + " with more threads",
                null,
                LockStoreException.Outcome.NOT_EXECUTED);
    }

    /**
     * Has the queue look after this caller's deadlines, by the timer later; where that fails, the sweep ends the call.
     */
    void watch(Place queue, ToLongFunction<Waiter> look) {
        try {
            ToLongFunction<Waiter> byTimer = queue::tryLook;
            long sleep = look.applyAsLong(this);
            if (!settled() && sleep < Nanos.FOREVER / 2) {
                EngineClock.Timer next = this.engine.clock.schedule(sleep, () -> watch(queue, byTimer));
                this.timer = next;
                if (settled()) {
                    next.cancel();
                }
            }
        } catch (RuntimeException | Error ex) {
            // unless it has its lease
            if (this.decided.compareAndSet(false, true)) {
                this.abandoned = true;
            }
            throw ex;
        }
    }
}
