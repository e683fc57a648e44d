package io.github.lockspring.observation;

import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/** A convention for one of the two observations: Micrometer asks for the name without saying of which. */
record NamedConvention(LockObservationConvention convention, String observationName)
        implements LockObservationConvention {

    static NamedConvention of(LockObservationConvention convention, LockObservation observation) {
        String name = convention.nameOf(observation);
        if (name == null || name.isBlank()) {
            throw new IllegalStateException(convention.getClass().getName() + " has no name for the observation "
                    + observation + ": return one from nameOf");
        }
        return new NamedConvention(convention, name);
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
