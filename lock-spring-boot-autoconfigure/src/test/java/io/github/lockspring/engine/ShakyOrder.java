package io.github.lockspring.engine;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.ForwardingLockStore;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * A correct store behind connections without order: each command runs at once, or on some thread a moment later. Where
 * they are bad, too, one in some commands is not sent, and of as many the answer is lost.
 */
final class ShakyOrder extends ForwardingLockStore {

    private final int oneIn;

    private final Executor later = ForkJoinPool.commonPool();

    ShakyOrder(LockStore store) {
        this(store, Integer.MAX_VALUE);
    }

    ShakyOrder(LockStore store, int oneIn) {
        super(store);
        this.oneIn = oneIn;
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        return shaken(() -> super.acquire(request));
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        return renewals.stream()
                .map(renewal -> shaken(() -> super.renew(List.of(renewal)).get(0)))
                .toList();
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return shaken(() -> super.release(tenure, mode));
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        return shaken(() -> super.leave(tenure));
    }

    private <T> CompletionStage<T> shaken(Supplier<CompletionStage<T>> command) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(this.oneIn) == 0) {
            return failure(LockStoreException.Outcome.NOT_EXECUTED);
        }
        CompletionStage<T> answer = random.nextBoolean()
                ? command.get()
                : CompletableFuture.supplyAsync(command, this.later).thenCompose(stage -> stage);
        return random.nextInt(this.oneIn) == 0
                ? answer.thenCompose(outcome -> failure(LockStoreException.Outcome.UNKNOWN))
                : answer;
    }

    private static <T> CompletionStage<T> failure(LockStoreException.Outcome outcome) {
        return CompletableFuture.failedFuture(new LockStoreException("Bad connection", null, outcome));
    }
}
