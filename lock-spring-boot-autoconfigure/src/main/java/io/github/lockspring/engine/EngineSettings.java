package io.github.lockspring.engine;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Settings of a {@link DefaultLockEngine}.
 *
 * @param application name of the application: the first part of every owner
 * @param handOverAfter for how long the threads of this process pass a lock among themselves before other processes
 *     have their turn
 * @param commandTimeout longest wait for one answer of the store
 * @param pollInterval longest time between two polls of a waiting request
 * @param release whether closing a lease waits for the store's answer
 * @param callbackExecutor runs the stages of the application; loss listeners run on threads of the engine's own
 * @since 0.1
 */
public record EngineSettings(
        String application,
        Duration handOverAfter,
        Duration commandTimeout,
        Duration pollInterval,
        ReleaseWait release,
        Executor callbackExecutor) {

    /**
     * Creates settings.
     *
     * @param application name of the application
     * @param handOverAfter for how long the threads of this process pass a lock among themselves
     * @param commandTimeout longest wait for one answer of the store
     * @param pollInterval longest time between two polls of a waiting request
     * @param release whether closing a lease waits for the store's answer
     * @param callbackExecutor runs the stages of the application
     * @throws IllegalArgumentException if a duration is out of range; the message names it
     */
    public EngineSettings {
        if (handOverAfter.isNegative()) {
            throw new IllegalArgumentException("Hand-over-after " + handOverAfter + " is negative: use zero or more");
        }
        requirePositive("Command time-out", commandTimeout);
        requirePositive("Poll interval", pollInterval);
    }

    private static void requirePositive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " " + duration + " is not positive: use 1 ms or more");
        }
    }
}
