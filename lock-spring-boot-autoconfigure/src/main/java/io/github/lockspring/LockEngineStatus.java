package io.github.lockspring;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How an engine is doing, as far as it knows without asking its store.
 *
 * @param store where its locks are kept, for display
 * @param listening whether messages tell the waiting calls of this process that they have a lock; otherwise they poll
 * @param renewalsLateBy for how long the renewal has been due that is most overdue; {@link Duration#ZERO} if none is
 * @param storeDetails what the store has found out about its server when that last answered: names and values, for
 *     display; empty before that, and if the store does not tell
 * @param storeProblems what the store has found then that should be corrected, each with its cure
 * @param storeAvailable false if the store has found then that no lock can be taken: its server refuses to write
 * @since 0.1
 */
public record LockEngineStatus(
        String store,
        boolean listening,
        Duration renewalsLateBy,
        Map<String, String> storeDetails,
        List<String> storeProblems,
        boolean storeAvailable) {

    /**
     * Creates a status.
     *
     * @param store where its locks are kept
     * @param listening whether messages tell waiting calls that they have a lock
     * @param renewalsLateBy for how long the renewal has been due that is most overdue
     * @param storeDetails what the store has found out about its server
     * @param storeProblems what should be corrected
     * @param storeAvailable whether locks can be taken, as far as the store knows
     */
    public LockEngineStatus {
        storeDetails = Collections.unmodifiableMap(new LinkedHashMap<>(storeDetails));
        storeProblems = List.copyOf(storeProblems);
    }
}
