package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import java.time.Duration;

/** Failures as the engine reports them. */
final class LockFailureSamples {

    private LockFailureSamples() {}

    static LockException contended(String name) {
        return new LockNotAcquiredException(LockName.of(name), Duration.ZERO, null);
    }
}
