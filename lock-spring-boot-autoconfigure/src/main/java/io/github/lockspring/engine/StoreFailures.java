package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.StageFailures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Failed commands as exceptions. */
final class StoreFailures {

    private StoreFailures() {}

    /**
     * Sends a command; an exception of the store, for example because of a lack of threads or stack, counts as a store
     * failure.
     */
    static <T> CompletionStage<T> caught(Supplier<CompletionStage<T>> command) {
        try {
            return command.get();
        } catch (RuntimeException | Error ex) {
            return CompletableFuture.failedFuture(ex);
        }
    }

    static LockStoreException of(@Nullable Throwable failure) {
        Throwable cause = failure != null ? StageFailures.unwrap(failure) : null;
        return cause instanceof LockStoreException known
                ? known
                : new LockStoreException("The lock store failed: " + cause, cause, LockStoreException.Outcome.UNKNOWN);
    }

    /** Whether the command may have been executed, or may still be. */
    static boolean isUnknown(@Nullable Throwable failure) {
        return of(failure).getOutcome() == LockStoreException.Outcome.UNKNOWN;
    }

    /** The command has been repeated since, and that has not been answered. */
    static LockStoreException repeated(LockStoreException failure) {
        return new LockStoreException(
                String.valueOf(failure.getMessage()), failure, LockStoreException.Outcome.UNKNOWN);
    }

    static LockStoreException unanswered(long nanos) {
        return new LockStoreException(
                "The lock store did not answer within " + TimeUnit.NANOSECONDS.toMillis(nanos)
                        + " ms. Is it reachable? The limit is 'distributed-lock.redis.command-timeout'",
                null,
                LockStoreException.Outcome.UNKNOWN);
    }
}
