package io.github.lockspring.actuate;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSettings;

/**
 * An engine that Actuator shows.
 *
 * @param engine the engine
 * @param settings how locks are shown
 * @param subscribes whether messages are expected to tell waiting calls that they have a lock
 * @since 0.1
 */
public record ObservedEngine(LockEngine engine, LockSettings settings, boolean subscribes) {

    /** Stands for the id of the primary server. */
    public static final String PRIMARY = "";

    LockName shown(LockName lock) {
        return this.settings.shown(lock);
    }
}
