package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
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

    /**
     * Asks within the command time-out.
     *
     * @throws LockStoreException if there is no answer
     */
    Optional<LockHolder> ask(LockName name) {
        return answered(name, "Cannot tell who holds", () -> ask(name.fullName()));
    }

    /** An owner that is gone here is asked about again once: the store may go on to say that it has the lock. */
    private Optional<LockHolder> ask(String fullName)
            throws InterruptedException, ExecutionException, TimeoutException {
        String gone = null;
        while (true) {
            Optional<LockHolder> answer = look(fullName);
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

    /** What the store says now, whatever this process knows. */
    private Optional<LockHolder> look(String fullName)
            throws InterruptedException, ExecutionException, TimeoutException {
        return get(
                StoreFailures.caught(() -> this.engine.store.holder(fullName)).toCompletableFuture());
    }

    /**
     * Takes the lock away from its owner, in the time that the query has left over.
     *
     * @return whether it had the lock
     * @throws LockStoreException if there is no answer
     */
    boolean remove(LockName name, String owner) {
        TenureId tenure = TenureId.exclusive(name.fullName(), owner);
        ReleaseOutcome outcome = answered(
                name,
                "Cannot tell whether " + owner + " has lost",
                () -> get(StoreFailures.caught(() -> this.engine.store.release(tenure, ReleaseMode.FREE))
                        .toCompletableFuture()));
        return !(outcome instanceof ReleaseOutcome.NotOwner);
    }

    /**
     * Asks the store who has the lock now, whatever this process knows, in the time that is left over.
     *
     * @throws LockStoreException if there is no answer
     */
    Optional<LockHolder> look(LockName name) {
        return answered(name, "Cannot tell who now holds", () -> look(name.fullName()));
    }

    private <T extends @Nullable Object> T answered(LockName name, String unknown, Question<T> question) {
        try {
            return question.ask();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw Refusal.interrupted().toException(name, Duration.ZERO);
        } catch (TimeoutException ex) {
            throw unknown(name, unknown, StoreFailures.unanswered(this.engine.commandTimeout));
        } catch (ExecutionException ex) {
            throw unknown(name, unknown, StoreFailures.of(ex));
        }
    }

    private static LockStoreException unknown(LockName name, String what, LockStoreException failure) {
        String message = what + " lock '" + name + "': " + failure.getMessage();
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

    private interface Question<T extends @Nullable Object> {

        T ask() throws InterruptedException, ExecutionException, TimeoutException;
    }
}
