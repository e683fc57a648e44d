package io.github.lockspring.observation;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMonitor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one call. A hold whose end is told first, by another thread, has lasted for no time to speak of. A hold
 * that was never told to begin was not the caller's, and is not counted.
 */
final class MeteredCall implements LockMonitor.Call {

    private static final int ASKING = 0;

    private static final int HELD = 1;

    private static final int RELEASED_EARLY = 2;

    private static final int LOST_EARLY = 3;

    private static final int OVER = 4;

    private final LockMetrics metrics;

    private final String name;

    private final AtomicInteger state = new AtomicInteger(ASKING);

    private final long begun;

    /** Written before the state says that it is held. */
    private long held;

    MeteredCall(LockMetrics metrics, String name) {
        this.metrics = metrics;
        this.name = name;
        this.begun = metrics.now();
    }

    @Override
    public void contended(@Nullable LockHolder holder) {
        this.metrics.count(this.name, meters -> meters.contended.increment());
    }

    @Override
    public void acquired(long fencingToken, boolean handedOff) {
        long now = this.metrics.now();
        record(LockOutcome.ACQUIRED, now - this.begun);
        if (handedOff) {
            this.metrics.count(this.name, meters -> meters.handOffs.increment());
        }
        this.held = now;
        if (!this.state.compareAndSet(ASKING, HELD)) {
            int early = this.state.getAndSet(OVER);
            if (early != OVER) {
                record(early == LOST_EARLY ? LockOutcome.LOST : LockOutcome.RELEASED, 0);
            }
        }
    }

    @Override
    public void refused(Throwable failure) {
        record(LockOutcome.of(failure), this.metrics.now() - this.begun);
        this.state.set(OVER);
    }

    @Override
    public void released() {
        ended(RELEASED_EARLY, LockOutcome.RELEASED);
    }

    @Override
    public void lost(LeaseLostException loss) {
        ended(LOST_EARLY, LockOutcome.LOST);
    }

    private void ended(int early, LockOutcome outcome) {
        if (!this.state.compareAndSet(ASKING, early) && this.state.compareAndSet(HELD, OVER)) {
            record(outcome, this.metrics.now() - this.held);
        }
    }

    private void record(LockOutcome outcome, long nanos) {
        this.metrics.count(this.name, meters -> meters.timer(outcome).record(nanos, TimeUnit.NANOSECONDS));
    }
}
