package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A query to the store for the holder of a lock. The answer may be older than a release of this process that is in
 * progress, or has been answered in the meantime: then the query is repeated after that, so that no closed lease is
 * reported.
 */
final class HolderQuery {

    private final EngineContext engine;

    private final Tenures tenures;

    private final long until;

    HolderQuery(EngineContext engine, Tenures tenures) {
        this.engine = engine;
        this.tenures = tenures;
        this.until = engine.clock.nanoTime() + engine.commandTimeout;
    }

    /** An owner that is gone here is asked about again once: the store may go on to say that it has the lock. */
    Optional<LockHolder> ask(String fullName) throws InterruptedException, ExecutionException, TimeoutException {
        String gone = null;
        while (true) {
            Optional<LockHolder> answer = get(StoreFailures.caught(() -> this.engine.store.holder(fullName))
                    .toCompletableFuture());
            String owner = answer.map(LockHolder::owner).orElse("");
            CompletableFuture<?> end = this.tenures.end(owner);
            if (end == null || end.isDone() && owner.equals(gone)) {
                return answer;
            }
            if (end.isDone()) {
                gone = owner;
            } else {
                await(end);
            }
        }
    }

    static LockStoreException unknown(LockName name, LockStoreException failure) {
        String message = "Cannot tell who holds lock '" + name + "': " + failure.getMessage();
        return new LockStoreException(name, message, failure, failure.getOutcome());
    }

    private void await(CompletableFuture<?> end) throws InterruptedException, TimeoutException {
        try {
            Object unused = get(end);
        } catch (ExecutionException ex) {
            // its owner leaves then
        }
    }

    private <T extends @Nullable Object> T get(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        long left = this.until - this.engine.clock.nanoTime();
        return future.get(left, TimeUnit.NANOSECONDS);
    }
}
