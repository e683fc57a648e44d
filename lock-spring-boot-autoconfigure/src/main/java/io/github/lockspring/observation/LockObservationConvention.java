package io.github.lockspring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and key values of the observations of locks. A bean of this type replaces
 * {@link DefaultLockObservationConvention}, which is there to be extended. The key of a lock belongs into high-cardinality
 * values only.
 *
 * @since 0.1
 */
public interface LockObservationConvention extends ObservationConvention<LockObservationContext> {

    /**
     * Returns the name of one of the observations; {@link #getName()} is not asked.
     *
     * @param observation which one
     * @return its name; the application does not start without one
     */
    default String nameOf(LockObservation observation) {
        return observation.getName();
    }

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof LockObservationContext;
    }
}
