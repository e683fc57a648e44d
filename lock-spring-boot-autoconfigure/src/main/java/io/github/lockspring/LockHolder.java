package io.github.lockspring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who has a lock, as the store saw it a moment ago.
 *
 * @param owner the id of the holding tenure, {@code application@host:pid:random:sequence}
 * @param remaining for how much longer the lock is held unless its lease is renewed; {@code null} if it has no expiry,
 *     as for a lock that was not set by this library
 * @since 0.1
 */
public record LockHolder(String owner, @Nullable Duration remaining) {

    @Override
    public String toString() {
        return owner + howLong();
    }

    /** For how much longer it has the lock, without saying who it is. */
    String howLong() {
        return remaining == null ? " (no expiry)" : " (for " + remaining.toMillis() + " ms more unless renewed)";
    }
}
