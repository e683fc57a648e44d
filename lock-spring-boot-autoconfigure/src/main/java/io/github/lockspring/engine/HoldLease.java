package io.github.lockspring.engine;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.ReleaseResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What a caller sees of its hold. */
final class HoldLease implements LockLease {

    final Hold hold;

    final AtomicBoolean closed = new AtomicBoolean();

    /** Whether an error has ended its closing, perhaps before anything was noted. */
    volatile boolean closeFailed;

    private LockContext.@Nullable Scope scope;

    /** The thread that was blocked until it had this lease, and may be blocked again to give it back. */
    private @Nullable Thread caller;

    /** The lease that this one is inside of: while one of a hold's leases is reachable, the first one is. */
    final @Nullable HoldLease outer;

    HoldLease(Hold hold, @Nullable HoldLease outer) {
        this.hold = hold;
        this.outer = outer;
    }

    /** A further lease of the same hold, {@code null} once it has ended. */
    @Nullable HoldLease reenter() {
        return this.hold.reenter(this);
    }

    /** Binds this lease to the current thread until it is closed. Called before any other thread sees the lease. */
    HoldLease bound() {
        this.scope = LockContext.bind(this);
        this.caller = Thread.currentThread();
        return this;
    }

    @Override
    public String name() {
        return this.hold.name().name();
    }

    @Override
    public @Nullable String key() {
        return this.hold.name().key();
    }

    @Override
    public String fullName() {
        return this.hold.name().fullName();
    }

    @Override
    public long fencingToken() {
        return this.hold.fencingToken;
    }

    @Override
    public Duration remaining() {
        return this.closed.get() ? Duration.ZERO : this.hold.remaining();
    }

    @Override
    public Duration leaseTime() {
        return this.hold.request.leaseTime();
    }

    @Override
    public Duration extend(Duration time) {
        LockDurations.checkLeaseTime(time);
        ensureHeld();
        this.hold.prolong(time);
        ensureHeld();
        return remaining();
    }

    @Override
    public boolean isHeld() {
        return !this.closed.get() && this.hold.isHeld();
    }

    /** Whether it is held, or only the wall clock indicates that it is not. */
    boolean maybeHeld() {
        return !this.closed.get() && !this.hold.isOver();
    }

    @Override
    public boolean isLost() {
        return this.hold.isLost();
    }

    @Override
    public boolean isClosed() {
        return this.closed.get();
    }

    @Override
    public void ensureHeld() {
        if (isHeld()) {
            return;
        }
        if (!this.closed.get()) {
            this.hold.awaitDecision(true);
        }
        if (this.hold.isLost()) {
            throw this.hold.toException();
        }
        if (!isHeld()) {
            if (!this.closed.get()) {
                // a renewal decides, and this thread must not wait for it
                throw this.hold.toException();
            }
            throw new IllegalStateException(
                    "Lease of lock '" + this.hold.name() + "' is closed: acquire the lock again");
        }
    }

    @Override
    public void onLost(Runnable action) {
        this.hold.onLost(new LossListener(this.closed, action));
    }

    @Override
    public void close() {
        try {
            if (this.closed.compareAndSet(false, true)) {
                unbind();
                this.hold.leave(Thread.currentThread() == this.caller);
            }
        } catch (RuntimeException | Error ex) {
            this.closeFailed = true;
            this.hold.closeFailed = true;
            this.hold.keeper.leaveAfterError();
            throw ex;
        }
    }

    @Override
    public CompletionStage<ReleaseResult> release() {
        try {
            if (!this.closed.compareAndSet(false, true)) {
                return CompletableFuture.failedFuture(new IllegalStateException("Lease of lock '" + this.hold.name()
                        + "' has already been closed or released: the result is available from one call of release()"
                        + " only"));
            }
            unbind();
            CompletableFuture<ReleaseResult> told = new CompletableFuture<>();
            CompletableFuture<ReleaseResult> unused = this.hold
                    .leave()
                    .whenComplete((result, failure) ->
                            this.hold.engine.callbacks.complete(() -> complete(told, result, failure)));
            return told;
        } catch (RuntimeException | Error ex) {
            this.closeFailed = true;
            this.hold.closeFailed = true;
            this.hold.keeper.leaveAfterError();
            throw ex;
        }
    }

    @Override
    public CompletionStage<@Nullable Void> closeAsync() {
        if (this.hold.engine.releases.areAwaited(false)) {
            return release().handle((result, failure) -> null);
        }
        close();
        return CompletableFuture.completedFuture(null);
    }

    private void complete(
            CompletableFuture<ReleaseResult> told, @Nullable ReleaseResult result, @Nullable Throwable failure) {
        if (failure == null) {
            told.complete(result);
            return;
        }
        LockStoreException cause = StoreFailures.of(failure);
        told.completeExceptionally(new LockStoreException(
                this.hold.name(),
                "Lock '" + this.hold.name() + "' was released, but the lock store has not confirmed it: "
                        + cause.getMessage(),
                cause,
                cause.getOutcome()));
    }

    private void unbind() {
        LockContext.Scope binding = this.scope;
        if (binding != null) {
            binding.close();
        }
    }

    @Override
    public String toString() {
        return "lease of '" + this.hold.name() + "', fencing token " + fencingToken()
                + (isHeld() ? ", held" : isLost() ? ", lost" : ", closed");
    }
}
