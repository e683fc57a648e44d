package io.github.lockspring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks the engine for: {@link LockOptions} with every default filled in.
 *
 * @param name which lock
 * @param waitTime longest waiting for others, {@link Duration#ZERO} to try once, {@link LockDurations#FOREVER}
 * @param leaseTime time to live in the store
 * @param renew whether the lease is kept alive while it is held
 * @param fair whether waiters of all processes are served in strict order of arrival
 * @param within a lease to re-enter by an asynchronous call, or {@code null}
 * @since 0.1
 */
public record LockRequest(
        LockName name,
        Duration waitTime,
        Duration leaseTime,
        boolean renew,
        boolean fair,
        @Nullable LockLease within) {

    /**
     * Returns the same request with another wait time.
     *
     * @param waitTime longest waiting for others
     * @return the changed request
     */
    public LockRequest withWaitTime(Duration waitTime) {
        return new LockRequest(this.name, waitTime, this.leaseTime, this.renew, this.fair, this.within);
    }
}
