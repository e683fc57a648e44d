package io.github.lockspring.transaction;

import io.github.lockspring.LockLease;
import io.github.lockspring.ReleaseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A hold that ends when its transaction has completed and its callers have closed their leases. Thread-safe. */
final class DeferredHold {

    /** As the engine gave it. */
    final LockLease lease;

    /** Leases that callers have not closed. Guarded by this. */
    private int open;

    /** Guarded by this. */
    private boolean transactionCompleted;

    /** Who asked for the result. Guarded by this, and constant once the hold ends. */
    private final List<CompletableFuture<ReleaseResult>> asked = new ArrayList<>(0);

    DeferredHold(LockLease lease) {
        this.lease = lease;
    }

    synchronized void enter() {
        this.open++;
    }

    /** A caller has closed its lease, and perhaps wants the result. */
    void leave(@Nullable CompletableFuture<ReleaseResult> result) {
        if (isOver(result)) {
            release();
        }
    }

    /** A caller that must not be blocked has closed its lease. */
    CompletionStage<@Nullable Void> leaveAsync() {
        return isOver(null) ? releaseAsync() : CompletableFuture.completedFuture(null);
    }

    private synchronized boolean isOver(@Nullable CompletableFuture<ReleaseResult> result) {
        if (result != null) {
            this.asked.add(result);
        }
        this.open--;
        return this.open == 0 && this.transactionCompleted;
    }

    void transactionCompleted() {
        if (isOver()) {
            release();
        }
    }

    /** The same, without blocking. */
    CompletionStage<@Nullable Void> transactionCompletedAsync() {
        return isOver() ? releaseAsync() : CompletableFuture.completedFuture(null);
    }

    private synchronized boolean isOver() {
        this.transactionCompleted = true;
        return this.open == 0;
    }

    private void release() {
        if (this.asked.isEmpty()) {
            this.lease.close();
        } else {
            CompletionStage<ReleaseResult> unused = releaseAndTell();
        }
    }

    private CompletionStage<@Nullable Void> releaseAsync() {
        return this.asked.isEmpty() ? this.lease.closeAsync() : releaseAndTell().handle((result, failure) -> null);
    }

    private CompletionStage<ReleaseResult> releaseAndTell() {
        return this.lease
                .release()
                .whenComplete((result, failure) -> this.asked.forEach(asked -> tell(asked, result, failure)));
    }

    private static void tell(
            CompletableFuture<ReleaseResult> asked, @Nullable ReleaseResult result, @Nullable Throwable failure) {
        if (failure != null) {
            asked.completeExceptionally(failure);
        } else {
            asked.complete(result);
        }
    }
}
