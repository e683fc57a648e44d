package io.github.lockspring.engine;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One caller's hold of a lock: {@code HELD → RELEASED | LOST}. Several leases share it when it is re-entered. */
final class Hold {

    private enum State {
        HELD,
        RELEASED,
        LOST
    }

    private final LocalQueue queue;

    private final Tenure tenure;

    private final LockName name;

    private final long fencingToken;

    private final AtomicInteger leases = new AtomicInteger(1);

    private volatile State state = State.HELD;

    private volatile String lossReason = "its lease ran out before it could be renewed";

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
        return new HoldLease(this);
    }

    /** A further lease of this hold, {@code null} once it has ended. */
    @Nullable HoldLease reenter() {
        int count;
        do {
            count = this.leases.get();
            if (count == 0 || !isHeld()) {
                return null;
            }
        } while (!this.leases.compareAndSet(count, count + 1));
        return new HoldLease(this);
    }

    /** Ends one lease; the last one ends the hold, and may wait if too many releases are under way. */
    void leave(boolean mayWait) {
        if (this.leases.decrementAndGet() == 0) {
            this.queue.release(this, mayWait);
        }
    }

    boolean belongsTo(EngineContext engine) {
        return this.queue.engine() == engine;
    }

    boolean isHeld() {
        return this.state == State.HELD && this.tenure.isProven();
    }

    boolean isLost() {
        State seen = this.state;
        return seen == State.LOST || seen == State.HELD && !this.tenure.isProven();
    }

    Duration remaining() {
        return this.state == State.HELD ? this.tenure.remaining() : Duration.ZERO;
    }

    LeaseLostException toException() {
        return new LeaseLostException(this.name.fullName(), this.fencingToken, this.lossReason);
    }

    void onLost(Runnable listener) {
        this.queue.onLost(this, listener);
    }

    /** Called inside the queue's guard; returns whether the listener is to be run at once. */
    boolean addLossListener(Runnable listener) {
        if (this.state == State.HELD) {
            if (this.lossListeners == null) {
                this.lossListeners = new ArrayList<>(2);
            }
            this.lossListeners.add(listener);
            return false;
        }
        return this.state == State.LOST;
    }

    /** Called inside the queue's guard. */
    void released() {
        this.state = State.RELEASED;
    }

    /** Called inside the queue's guard; returns the listeners to be run. */
    List<Runnable> lost(String reason) {
        this.lossReason = reason;
        this.state = State.LOST;
        List<Runnable> listeners = this.lossListeners != null ? this.lossListeners : List.of();
        this.lossListeners = null;
        return listeners;
    }
}
