package io.github.lockspring;

import java.time.Duration;

/**
 * Who has a lock, as the store saw it a moment ago.
 *
 * @param owner the id of the holding tenure, {@code application@host:pid:random:sequence}
 * @param remaining for how much longer the lock is held unless its lease is renewed;
 *     {@link LockOptions#FOREVER} if it has no expiry
 * @since 0.1
 */
public record LockHolder(String owner, Duration remaining) {

    @Override
    public String toString() {
        return owner + howLong();
    }

    /** For how much longer it has the lock, without saying who it is. */
    String howLong() {
        return LockDurations.isEndless(remaining)
                ? " (no expiry)"
                : " (for " + remaining.toMillis() + " ms more unless renewed)";
    }
}
