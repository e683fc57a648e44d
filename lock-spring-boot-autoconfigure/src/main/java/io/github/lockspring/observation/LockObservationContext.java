package io.github.lockspring.observation;

import io.github.lockspring.LockRequest;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an observed call, or of its hold. Written by the thread that notices a step, before handlers are told.
 *
 * @since 0.1
 */
public final class LockObservationContext extends Observation.Context {

    private final LockObservation observation;

    private final LockRequest request;

    private final String lockName;

    private volatile @Nullable Long fencingToken;

    private volatile @Nullable LockOutcome outcome;

    private volatile boolean handedOff;

    LockObservationContext(LockObservation observation, LockRequest request, String lockName) {
        this.observation = observation;
        this.request = request;
        this.lockName = lockName;
    }

    /**
     * Returns which of the two observations this is.
     *
     * @return the observation
     */
    public LockObservation observation() {
        return this.observation;
    }

    /**
     * Returns the name of the lock as a tag: of few values, {@code other} for names beyond the limit. The name itself
     * is in the {@link #request() request}.
     *
     * @return the name
     */
    public String lockName() {
        return this.lockName;
    }

    /**
     * Returns the key.
     *
     * @return the key, its pseudonym if keys are masked; {@code null} for a lock without key
     */
    public @Nullable String key() {
        return this.request.name().shownKey();
    }

    /**
     * Returns the full name.
     *
     * @return name and key, with the pseudonym of the key if keys are masked
     */
    public String fullName() {
        return this.request.name().toString();
    }

    /**
     * Returns what was asked for. Its name has the key even if keys are masked.
     *
     * @return the request
     */
    public LockRequest request() {
        return this.request;
    }

    /**
     * Returns the fencing token.
     *
     * @return the token of the hold, {@code null} before there is one
     */
    public @Nullable Long fencingToken() {
        return this.fencingToken;
    }

    /**
     * Returns what has become of it.
     *
     * @return the outcome, {@code null} before the end
     */
    public @Nullable LockOutcome outcome() {
        return this.outcome;
    }

    /**
     * Returns whether another caller of this process has passed the lock on.
     *
     * @return {@code false} before the lock is acquired
     */
    public boolean isHandedOff() {
        return this.handedOff;
    }

    void held(long fencingToken, boolean handedOff) {
        this.fencingToken = fencingToken;
        this.handedOff = handedOff;
    }

    void ends(LockOutcome outcome) {
        this.outcome = outcome;
    }
}
