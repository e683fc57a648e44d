package io.github.lockspring.observation;

import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.Observation;

/**
 * Makes no meters of observations of locks. To be asked before Micrometer's own handler, of which the first one that
 * supports an observation gets it: {@link LockMetrics} has the same timers already, under the same names.
 *
 * @since 0.1
 */
public final class UnmeteredLockObservations implements MeterObservationHandler<LockObservationContext> {

    /** Creates the handler. */
    public UnmeteredLockObservations() {}

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof LockObservationContext;
    }
}
