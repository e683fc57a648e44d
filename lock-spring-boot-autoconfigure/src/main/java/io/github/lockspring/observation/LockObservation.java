package io.github.lockspring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of locks. Both are children of the observation that was current when the lock was asked for, and
 * neither opens a scope. A lock that is entered again is not observed again.
 *
 * @since 0.1
 */
public enum LockObservation implements ObservationDocumentation {

    /** From asking for a lock until the caller has it, or is refused. */
    ACQUIRE("distributed.lock.acquire", "acquire"),

    /** From having a lock until it is released or lost. */
    HOLD("distributed.lock.hold", "hold");

    private final String name;

    private final String verb;

    LockObservation(String name, String verb) {
        this.name = name;
        this.verb = verb;
    }

    @Override
    public String getName() {
        return this.name;
    }

    /** What a span is called, together with the name of the lock. */
    String verb() {
        return this.verb;
    }

    @Override
    public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
        return DefaultLockObservationConvention.class;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return LowCardinalityKeyNames.values();
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return HighCardinalityKeyNames.values();
    }

    /** Of few values: for metrics and traces. */
    public enum LowCardinalityKeyNames implements KeyName {

        /** The name of the lock, {@code other} for names beyond the limit. */
        NAME("lock.name"),

        /** A value of {@link LockOutcome}; {@code none} before the end. */
        OUTCOME("outcome"),

        /** Whether another caller of this process has passed the lock on: {@code true} or {@code false}. */
        HANDED_OFF("lock.handed.off");

        private final String name;

        LowCardinalityKeyNames(String name) {
            this.name = name;
        }

        @Override
        public String asString() {
            return this.name;
        }
    }

    /** Of many values: for traces only. */
    public enum HighCardinalityKeyNames implements KeyName {

        /** The key of the lock, or its pseudonym if keys are masked. Left out for a lock without key. */
        KEY("lock.key"),

        /** The fencing token of the hold. Left out before there is one. */
        FENCING_TOKEN("lock.fencing.token");

        private final String name;

        HighCardinalityKeyNames(String name) {
            this.name = name;
        }

        @Override
        public String asString() {
            return this.name;
        }
    }
}
