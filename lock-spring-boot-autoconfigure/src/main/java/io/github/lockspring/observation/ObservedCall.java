package io.github.lockspring.observation;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockMonitor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one call. The end of its hold may be told first, by another thread: then the observation of the
 * hold is started and stopped where its beginning is told. Each is stopped once, by the thread that has taken it.
 */
final class ObservedCall implements LockMonitor.Call {

    /** How a hold has ended. */
    private record End(LockOutcome outcome, @Nullable LeaseLostException loss) implements Phase {

        static final End RELEASED = new End(LockOutcome.RELEASED, null);
    }

    /** A hold that is observed. */
    private record Held(Observation observation, LockObservationContext context) implements Phase {

        void stop(End end) {
            this.context.ends(end.outcome());
            if (end.loss() != null) {
                this.observation.error(end.loss());
            }
            this.observation.stop();
        }
    }

    private sealed interface Phase permits Held, End {}

    private final ObservedLocks locks;

    private final ObservationRegistry registry;

    private final LockObservationContext asking;

    private final AtomicReference<@Nullable Observation> acquire;

    /** Nothing until either the beginning or the end of the hold is told. */
    private final AtomicReference<@Nullable Phase> hold = new AtomicReference<>();

    ObservedCall(
            ObservedLocks locks, ObservationRegistry registry, LockObservationContext asking, Observation acquire) {
        this.locks = locks;
        this.registry = registry;
        this.asking = asking;
        this.acquire = new AtomicReference<>(acquire);
    }

    @Override
    public void acquired(long fencingToken, boolean handedOff) {
        Observation asked = this.acquire.getAndSet(null);
        if (asked == null) {
            return;
        }
        try {
            this.asking.held(fencingToken, handedOff);
            this.asking.ends(LockOutcome.ACQUIRED);
            asked.stop();
        } finally {
            begin(fencingToken, handedOff);
        }
    }

    /** The parent is the caller's observation, whatever is current on the thread that completes its stage. */
    private void begin(long fencingToken, boolean handedOff) {
        LockObservationContext context =
                new LockObservationContext(LockObservation.HOLD, this.asking.request(), this.asking.lockName());
        context.held(fencingToken, handedOff);
        Held held = new Held(this.locks.create(this.registry, context), context);
        context.setParentObservation(this.asking.getParentObservation());
        held.observation().start();
        if (!this.hold.compareAndSet(null, held) && this.hold.get() instanceof End end) {
            held.stop(end);
        }
    }

    @Override
    public void refused(Throwable failure) {
        Observation asked = this.acquire.getAndSet(null);
        if (asked == null) {
            return;
        }
        LockOutcome outcome = LockOutcome.of(failure);
        this.asking.ends(outcome);
        if (outcome != LockOutcome.CONTENDED && outcome != LockOutcome.INTERRUPTED) {
            asked.error(failure);
        }
        asked.stop();
    }

    @Override
    public void released() {
        ended(End.RELEASED);
    }

    @Override
    public void lost(LeaseLostException loss) {
        ended(new End(LockOutcome.LOST, loss));
    }

    private void ended(End end) {
        if (this.hold.getAndSet(end) instanceof Held held) {
            held.stop(end);
        }
    }
}
