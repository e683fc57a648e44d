package io.github.lockspring.engine;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockName;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's hold of a lock: {@code HELD → RELEASED | LOST}. Several leases share it when it is re-entered. Begins with
 * the default of every volatile field: writing one costs more than all the rest of a hold's beginning.
 */
final class Hold {

    private static final Logger log = LoggerFactory.getLogger(Hold.class);

    private enum End {
        RELEASED,
        LOST
    }

    private final LocalQueue queue;

    private final Tenure tenure;

    private final LockName name;

    private final long fencingToken;

    /** The first lease, which nobody can close any more once it is unreachable. */
    private @Nullable WeakReference<HoldLease> lease;

    /** The thread that the first lease is bound to. */
    private @Nullable Thread thread;

    private boolean saidThatItsThreadIsDead;

    /** Whether an error has ended the closing of a lease, or a re-entry. Written directly: there may be no room for a call. */
    volatile boolean closeFailed;

    /** Leases besides the last one; negative once that is over, too. */
    private final AtomicInteger furtherLeases = new AtomicInteger();

    /** {@code null} while it is held. */
    private volatile @Nullable End end;

    /** Written before the end is. */
    private @Nullable String lossReason;

    /** Guarded by the queue. */
    private @Nullable List<Runnable> lossListeners;

    Hold(LocalQueue queue, Tenure tenure, LockName name, long fencingToken) {
        this.queue = queue;
        this.tenure = tenure;
        this.name = name;
        this.fencingToken = fencingToken;
    }

    LockName name() {
        return this.name;
    }

    long fencingToken() {
        return this.fencingToken;
    }

    Tenure tenure() {
        return this.tenure;
    }

    HoldLease firstLease() {
        HoldLease first = new HoldLease(this);
        this.lease = new WeakReference<>(first);
        return first;
    }

    /** The first lease is bound to a thread. */
    HoldLease firstLeaseOf(Thread caller) {
        HoldLease first = firstLease();
        this.thread = caller;
        return first.bound();
    }

    /** A further lease of this hold, {@code null} once it has ended. */
    @Nullable HoldLease reenter() {
        int count;
        do {
            count = this.furtherLeases.get();
            if (count < 0 || !isHeld()) {
                return null;
            }
        } while (!this.furtherLeases.compareAndSet(count, count + 1));
        return new HoldLease(this);
    }

    /** Ends one lease; the last one ends the hold, and may wait if too many releases are under way. */
    void leave(boolean mayWait) {
        if (this.furtherLeases.decrementAndGet() < 0) {
            this.queue.release(this, mayWait);
        }
    }

    void leaveGuardAfterError() {
        this.queue.guard().leaveAfterError();
    }

    boolean isOf(LockName name, EngineContext engine) {
        return this.name.equals(name) && this.queue.engine() == engine;
    }

    boolean isHeld() {
        return this.end == null && this.tenure.lease.isProven();
    }

    boolean isOver() {
        return this.end != null || this.tenure.lease.isOver();
    }

    boolean isLost() {
        End seen = this.end;
        return seen == End.LOST || seen == null && this.tenure.lease.isOver();
    }

    /** Done once it is known whether the hold is held, where only the wall clock says that its lease is over. */
    @Nullable CompletableFuture<Void> decision() {
        return this.queue.decision(this);
    }

    void awaitDecision() {
        CompletableFuture<Void> decision = decision();
        if (decision != null) {
            Releases.await(decision, this.queue.engine().commandTimeout);
        }
    }

    boolean isEnded() {
        return this.end != null;
    }

    /** Whether the last lease is closed; after an error, which leaves the number of leases wrong, the first one. */
    boolean isClosed() {
        return this.furtherLeases.get() < 0 || this.closeFailed && isFirstLeaseClosed();
    }

    private boolean isFirstLeaseClosed() {
        WeakReference<HoldLease> reference = this.lease;
        HoldLease first = reference != null ? reference.get() : null;
        return first == null || first.isClosed();
    }

    /** Whether the thread that the only lease is bound to is dead, and nobody has the lease; says so. */
    boolean isOrphaned(QueueGuard guard) {
        Thread caller = this.thread;
        WeakReference<HoldLease> first = this.lease;
        if (caller == null || caller.isAlive() || first == null || this.furtherLeases.get() != 0) {
            return false;
        }
        boolean unreachable = first.get() == null;
        if (unreachable || !this.saidThatItsThreadIsDead) {
            this.saidThatItsThreadIsDead = true;
            guard.afterwards(() -> log.warn(
                    "Thread '{}' has ended without closing its lease of lock '{}': {}. Use try-with-resources",
                    caller.getName(),
                    this.name.fullName(),
                    unreachable ? "the lock is given back" : "it is renewed as long as the lease is reachable"));
        }
        return unreachable;
    }

    Duration remaining() {
        return this.end == null ? this.tenure.lease.remaining() : Duration.ZERO;
    }

    LeaseLostException toException() {
        String reason = this.end == End.LOST && this.lossReason != null
                ? this.lossReason
                : "its lease ran out before it could be renewed";
        return new LeaseLostException(this.name.fullName(), this.fencingToken, reason);
    }

    void onLost(Runnable listener) {
        this.queue.onLost(this, listener);
    }

    /** Called inside the queue's guard; returns whether the listener is to be run at once. */
    boolean addLossListener(Runnable listener) {
        if (this.end == null) {
            if (this.lossListeners == null) {
                this.lossListeners = new ArrayList<>(2);
            }
            this.lossListeners.add(listener);
            return false;
        }
        return this.end == End.LOST;
    }

    /** Called inside the queue's guard. */
    void released() {
        this.end = End.RELEASED;
    }

    /** Called inside the queue's guard; returns the listeners to be run. */
    List<Runnable> lost(String reason) {
        this.lossReason = reason;
        this.end = End.LOST;
        List<Runnable> listeners = this.lossListeners != null ? this.lossListeners : List.of();
        this.lossListeners = null;
        return listeners;
    }
}
