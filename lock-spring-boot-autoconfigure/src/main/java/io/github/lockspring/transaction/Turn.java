package io.github.lockspring.transaction;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The time of one pipeline among those of a transaction that ask for the same lock: the transaction keeps the lock after
 * the first one, so that the next one would wait for it in vain. Thread-safe.
 */
final class Turn {

    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    private final @Nullable Turn before;

    Turn(@Nullable Turn before) {
        this.before = before != null && !before.isOver() ? before : null;
    }

    /** Of a pipeline that no other waits for. */
    static Turn none() {
        return new Turn(null);
    }

    boolean isOver() {
        return this.over.isDone();
    }

    /** Completes when it begins. */
    CompletableFuture<@Nullable Void> beginning() {
        return this.before != null ? this.before.over : CompletableFuture.completedFuture(null);
    }

    boolean hasBegun() {
        return this.before == null || this.before.isOver();
    }

    /** Also before it has begun: the next one then waits for the one before. */
    void end() {
        if (hasBegun()) {
            this.over.complete(null);
        } else {
            CompletableFuture<@Nullable Void> unused =
                    beginning().whenComplete((none, failure) -> this.over.complete(null));
        }
    }
}
