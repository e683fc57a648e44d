package io.github.lockspring.engine;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.ReleaseResult;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One caller's hold of a lock: {@code HELD → RELEASED | LOST}. Several leases share it when it is re-entered. Begins
 * with the default of every volatile field: writing one costs more than all the rest of a hold's beginning.
 */
final class Hold {

    private static final WeakReference<HoldLease> NO_LEASE = new WeakReference<>(null);

    /** The giver of the hold. */
    interface Keeper {

        /** Ends it; waits for that where it may and must. */
        void release(Hold hold, boolean mayWait);

        /** Ends it, and reports the answer of the store. */
        CompletableFuture<ReleaseResult> release(Hold hold);

        /** Done once it is known whether a hold with a doubtful lease is held; {@code null} where there is no doubt. */
        @Nullable CompletableFuture<Void> decision(Hold hold);

        /** Has the lease last for at least a time from now on; done when the store has answered. */
        CompletableFuture<Void> prolong(Hold hold, Duration time);

        /** Leaves the guards that an error has kept the thread from leaving. */
        void leaveAfterError();
    }

    /** The caller that it was given to. */
    interface Receiver {

        /** Whether its caller will not take it. */
        boolean isGone(Hold given, long now);

        /** What the monitor is told of its call. */
        @Nullable CallWatch watch();
    }

    final EngineContext engine;

    final Keeper keeper;

    private final QueueGuard guard;

    final Tenure tenure;

    final LockRequest request;

    final long fencingToken;

    /** When it began. */
    final long since;

    /** Whether another caller of this process has passed it on. */
    final boolean handedOff;

    private final Receiver receiver;

    /** The first lease, which cannot be closed once it is unreachable. */
    private WeakReference<HoldLease> lease = NO_LEASE;

    /** The thread that the first lease is bound to. */
    @Nullable Thread thread;

    private boolean saidThatItsThreadIsDead;

    /** Whether the first lease, which is bound to no thread, is the caller's. Written after that lease is. */
    private volatile boolean handedOut;

    /**
     * Whether an error has ended the closing of a lease, or a re-entry. Written directly: there may be no room for a
     * call.
     */
    volatile boolean closeFailed;

    /** Leases besides the last one; negative once that is over, too. */
    private final AtomicInteger furtherLeases = new AtomicInteger();

    /** Whether it has been released, or is lost. */
    volatile boolean ended;

    /** {@code null} unless it is lost. Written before the end is. */
    private @Nullable String lossReason;

    /** Guarded by the queue. */
    private @Nullable LossListeners lossListeners;

    Hold(
            EngineContext engine,
            Keeper keeper,
            QueueGuard guard,
            Tenure tenure,
            Receiver receiver,
            LockRequest request,
            long fencingToken,
            boolean handedOff,
            long now) {
        this.engine = engine;
        this.keeper = keeper;
        this.guard = guard;
        this.tenure = tenure;
        this.receiver = receiver;
        this.request = request;
        this.fencingToken = fencingToken;
        this.handedOff = handedOff;
        this.since = now;
    }

    LockName name() {
        return this.request.name();
    }

    HoldLease firstLease() {
        HoldLease first = new HoldLease(this, null);
        this.lease = new WeakReference<>(first);
        return first;
    }

    /** The first lease, bound to the current thread. */
    HoldLease firstBoundLease() {
        HoldLease first = firstLease();
        this.thread = Thread.currentThread();
        return first.bound();
    }

    /** The first lease, for an asynchronous caller: from now on that caller has to close it. */
    HoldLease firstUnboundLease() {
        HoldLease first = firstLease();
        this.handedOut = true;
        return first;
    }

    /** A further lease of this hold, inside of one that it has; {@code null} once it has ended. */
    @Nullable HoldLease reenter(HoldLease outer) {
        HoldLease further = new HoldLease(this, outer);
        boolean open = isHeld() && this.furtherLeases.getAndUpdate(count -> count < 0 ? count : count + 1) >= 0;
        return open ? further : null;
    }

    /** Ends one lease; the last one ends the hold, and may wait if too many releases are under way. */
    void leave(boolean mayWait) {
        if (this.furtherLeases.decrementAndGet() < 0) {
            this.keeper.release(this, mayWait);
        }
    }

    /** Ends one lease without waiting, and reports the result. */
    CompletableFuture<ReleaseResult> leave() {
        if (this.furtherLeases.decrementAndGet() < 0) {
            return this.keeper.release(this);
        }
        return CompletableFuture.completedFuture(isLost() ? ReleaseResult.LOST : ReleaseResult.STILL_HELD);
    }

    /** Whether others must be kept out even when it ends now. Not for a caller that has not got it: no work has run. */
    boolean keepsOthersOut(long now) {
        return !this.request.holdAtLeast().isZero()
                && keptOutFor(now).toMillis() > 0
                && !this.receiver.isGone(this, now);
    }

    /** For how much longer others must be kept out. */
    Duration keptOutFor(long now) {
        return this.request.holdAtLeast().minusNanos(now - this.since);
    }

    /** Has the lease last for at least a time from now on; waits for the answer of the store. */
    void prolong(Duration time) {
        this.engine.requireThreadThatMayBlock(name());
        try {
            this.keeper.prolong(this, time).get(this.engine.commandTimeout, TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new LockInterruptedException(name());
        } catch (TimeoutException ex) {
            throw notProlonged(StoreFailures.unanswered(this.engine.commandTimeout));
        } catch (ExecutionException ex) {
            throw notProlonged(StoreFailures.of(ex));
        }
    }

    private LockStoreException notProlonged(LockStoreException failure) {
        String message = "Lease of lock '" + name() + "' may not have been extended: " + failure.getMessage();
        return new LockStoreException(name(), message, failure, failure.getOutcome());
    }

    boolean isHeld() {
        return !this.ended && this.tenure.isProven();
    }

    boolean isOver() {
        return this.ended || this.tenure.isOver(this.engine.clock.nanoTime());
    }

    boolean isLost() {
        return this.ended ? this.lossReason != null : this.tenure.isOver(this.engine.clock.nanoTime());
    }

    void awaitDecision(boolean interruptible) {
        CompletableFuture<Void> decision = this.keeper.decision(this);
        if (decision != null && !this.engine.mustNotBlock()) {
            if (interruptible) {
                Releases.await(decision, this.engine.commandTimeout);
            } else {
                Releases.awaitUninterruptibly(decision, this.engine.commandTimeout);
            }
            // the time for it is over, whether or not the timer has seen that
            CompletableFuture<Void> unused = this.keeper.decision(this);
        }
    }

    /** Whether its caller will never end it, because it has not got it, or is gone. */
    boolean isAbandoned(long now) {
        return this.receiver.isGone(this, now) || isClosed() || isOrphaned();
    }

    /** Whether the last lease is closed; after an error, which leaves the number of leases wrong, the first one. */
    private boolean isClosed() {
        return this.furtherLeases.get() < 0 || this.closeFailed && isFirstLeaseClosed();
    }

    private boolean isFirstLeaseClosed() {
        HoldLease first = this.lease.get();
        return first == null || first.closeFailed || first.closed.get();
    }

    /** Whether it can no longer be closed, because its leases are unreachable and its thread has ended. Logs that. */
    private boolean isOrphaned() {
        Thread caller = this.thread;
        if (caller == null ? !this.handedOut : caller.isAlive()) {
            return false;
        }
        boolean unreachable = this.lease.refersTo(null);
        if (caller == null) {
            if (unreachable) {
                LockLog.unclosed(this.guard, name(), CallWatch.origin(this.receiver.watch()));
            }
        } else if (unreachable || !this.saidThatItsThreadIsDead && !isFirstLeaseClosed()) {
            this.saidThatItsThreadIsDead = true;
            LockLog.orphaned(this.guard, name(), caller, unreachable, CallWatch.origin(this.receiver.watch()));
        }
        return unreachable;
    }

    Duration remaining() {
        return this.ended ? Duration.ZERO : this.tenure.remaining();
    }

    LeaseLostException toException() {
        String reason = this.ended && this.lossReason != null
                ? this.lossReason
                : "its lease expired before it could be renewed";
        return new LeaseLostException(name(), this.fencingToken, reason);
    }

    /** Runs a listener when the hold is lost, immediately if it already is. */
    void onLost(LossListener listener) {
        this.guard.run(now -> {
            if (!this.ended) {
                this.lossListeners = LossListeners.with(this.lossListeners, listener);
            } else if (this.lossReason != null) {
                this.guard.afterwards(() -> this.engine.callbacks.tell(listener));
            }
        });
    }

    /** Called inside the queue's guard, once, unless it is lost. */
    void endInTime(long now) {
        this.ended = true;
        LockLog.ended(this.guard, name(), this.fencingToken, now - this.since);
        CallWatch.ended(this.receiver.watch(), this.guard, null);
    }

    /** Called inside the queue's guard, once; returns the listeners to run. */
    List<LossListener> lost(String reason) {
        this.lossReason = reason;
        this.ended = true;
        LockLog.lost(this.guard, name(), this.tenure.state, this.fencingToken, reason);
        Duration heldFor = Nanos.elapsed(this.since, this.engine.clock.nanoTime());
        this.engine.monitor.lost(this.receiver.watch(), name(), heldFor, toException(), this.guard);
        return LossListeners.all(this.lossListeners);
    }
}
