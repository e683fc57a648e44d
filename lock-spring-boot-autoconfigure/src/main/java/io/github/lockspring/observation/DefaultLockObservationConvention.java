package io.github.lockspring.observation;

import io.github.lockspring.observation.LockObservation.HighCardinalityKeyNames;
import io.github.lockspring.observation.LockObservation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * The convention as documented by {@link LockObservation}. Thread-safe.
 *
 * @since 0.1
 */
public class DefaultLockObservationConvention implements LockObservationConvention {

    private static final KeyValue NO_OUTCOME = LowCardinalityKeyNames.OUTCOME.withValue(KeyValue.NONE_VALUE);

    /** Creates the convention. */
    public DefaultLockObservationConvention() {}

    @Override
    public String getContextualName(LockObservationContext context) {
        return context.observation().verb() + ' ' + context.lockName();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(LockObservationContext context) {
        LockOutcome outcome = context.outcome();
        return KeyValues.of(
                LowCardinalityKeyNames.NAME.withValue(context.lockName()),
                outcome != null ? LowCardinalityKeyNames.OUTCOME.withValue(outcome.value()) : NO_OUTCOME,
                LowCardinalityKeyNames.HANDED_OFF.withValue(String.valueOf(context.isHandedOff())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(LockObservationContext context) {
        KeyValues values = KeyValues.empty();
        String key = context.key();
        if (key != null) {
            values = values.and(HighCardinalityKeyNames.KEY.withValue(key));
        }
        Long token = context.fencingToken();
        if (token != null) {
            values = values.and(HighCardinalityKeyNames.FENCING_TOKEN.withValue(token.toString()));
        }
        return values;
    }
}
