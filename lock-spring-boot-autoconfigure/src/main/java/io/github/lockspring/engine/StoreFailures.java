package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Failed stages of a store as exceptions. */
final class StoreFailures {

    private StoreFailures() {}

    static LockStoreException of(@Nullable Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof LockStoreException known
                ? known
                : new LockStoreException("The lock store failed: " + cause, cause, LockStoreException.Outcome.UNKNOWN);
    }

    static LockStoreException unanswered(long nanos) {
        return new LockStoreException(
                "The lock store did not answer within " + TimeUnit.NANOSECONDS.toMillis(nanos)
                        + " ms. Is it reachable? The limit is 'distributed-lock.redis.command-timeout'",
                null,
                LockStoreException.Outcome.UNKNOWN);
    }
}
