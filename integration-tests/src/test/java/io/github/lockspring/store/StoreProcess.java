package io.github.lockspring.store;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** One process as the store sees it. Waits for every answer. */
final class StoreProcess {

    private final String client;

    private final LockStore store;

    private final AtomicLong sequence = new AtomicLong();

    StoreProcess(String client, LockStore store) {
        this.client = client;
        this.store = store;
    }

    String client() {
        return this.client;
    }

    LockStore store() {
        return this.store;
    }

    /** A new owner, which polls every ten seconds and asks for ten seconds. */
    StoreOwner owner(String lock) {
        String owner = this.client + ":" + this.sequence.incrementAndGet();
        TenureId tenure = new TenureId(List.of(lock), owner, LockMode.EXCLUSIVE);
        return new StoreOwner(
                this.store, tenure, Duration.ofSeconds(10), Duration.ofSeconds(10), false, false, Duration.ZERO);
    }

    /** Takes an owner out, whosever it is. */
    void evict(String lock, String owner) {
        answer(this.store.leave(TenureId.exclusive(lock, owner)));
    }

    Optional<LockHolder> holder(String lock) {
        return answer(this.store.holder(lock));
    }

    static <T> T answer(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException ex) {
            throw new AssertionError("The store answered with an error", ex.getCause());
        } catch (TimeoutException ex) {
            throw new AssertionError("The store did not answer within ten seconds", ex);
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted while waiting for an answer", ex);
        }
    }

    static <T> List<T> answers(List<? extends CompletionStage<T>> stages) {
        return stages.stream().map(StoreProcess::answer).toList();
    }
}
