package io.github.lockspring.benchmarks.contender;

/** What is done under a lock. */
@FunctionalInterface
public interface CriticalSection {

    /** The token of locks that have none. */
    long NO_TOKEN = -1;

    /**
     * Runs while the lock is held.
     *
     * @param fencingToken the token of this hold, {@link #NO_TOKEN} if the lock has none
     */
    void run(long fencingToken);
}
