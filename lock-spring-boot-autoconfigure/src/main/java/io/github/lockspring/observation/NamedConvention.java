package io.github.lockspring.observation;

import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/** A convention for one of the two observations: Micrometer asks for the name without saying of which. */
record NamedConvention(LockObservationConvention convention, String observationName)
        implements LockObservationConvention {

    static NamedConvention of(LockObservationConvention convention, LockObservation observation) {
        return new NamedConvention(convention, convention.nameOf(observation));
    }

    @Override
    public String getName() {
        return this.observationName;
    }

    @Override
    public @Nullable String getContextualName(LockObservationContext context) {
        return this.convention.getContextualName(context);
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(LockObservationContext context) {
        return this.convention.getLowCardinalityKeyValues(context);
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(LockObservationContext context) {
        return this.convention.getHighCardinalityKeyValues(context);
    }
}
