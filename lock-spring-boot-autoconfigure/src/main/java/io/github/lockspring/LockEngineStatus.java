package io.github.lockspring;

import java.time.Duration;

/**
 * How an engine is doing, as far as it knows without asking its store.
 *
 * @param store where its locks are kept, for display
 * @param listening whether messages tell the waiting calls of this process that they have a lock; otherwise they poll
 * @param renewalsLateBy for how long the renewal has been due that is most overdue; {@link Duration#ZERO} if none is
 * @since 0.1
 */
public record LockEngineStatus(String store, boolean listening, Duration renewalsLateBy) {}
