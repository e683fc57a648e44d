package io.github.lockspring.test;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.DaemonThreads;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What happens to commands on their way to the store: they fail, are late, or neither. Thread-safe. */
final class StoreFaults {

    private final AtomicInteger toFail = new AtomicInteger();

    private volatile Duration delay = Duration.ZERO;

    /** In the order in which they were sent. */
    private final Queue<Late<?>> late = new ConcurrentLinkedQueue<>();

    private final ExecutorService executor = DaemonThreads.pool("test-store", 1, Integer.MAX_VALUE);

    void slowDown(Duration time) {
        this.delay = time;
    }

    /** The largest number stands for all. */
    void failNext(int commands) {
        this.toFail.set(commands);
    }

    void reset() {
        this.toFail.set(0);
        this.delay = Duration.ZERO;
        for (Late<?> command = this.late.poll(); command != null; command = this.late.poll()) {
            command.run();
        }
    }

    <T extends @Nullable Object> CompletionStage<T> pass(Supplier<CompletionStage<T>> command) {
        int left = this.toFail.getAndUpdate(count -> count == Integer.MAX_VALUE ? count : Math.max(count - 1, 0));
        if (left > 0) {
            return CompletableFuture.failedFuture(new LockStoreException(
                    "The test has the lock store fail", null, LockStoreException.Outcome.NOT_EXECUTED));
        }
        Duration time = this.delay;
        if (time.isZero()) {
            return command.get();
        }
        Late<T> sent = new Late<>(command);
        this.late.add(sent);
        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS, this.executor)
                .execute(() -> {
                    if (this.late.remove(sent)) {
                        sent.run();
                    }
                });
        return sent.answer;
    }

    /** A command that has not reached the store. Run once, by the thread that has removed it from the queue. */
    private static final class Late<T extends @Nullable Object> implements Runnable {

        private final Supplier<CompletionStage<T>> command;

        private final CompletableFuture<T> answer = new CompletableFuture<>();

        Late(Supplier<CompletionStage<T>> command) {
            this.command = command;
        }

        @Override
        public void run() {
            CompletionStage<T> unused = this.command.get().whenComplete((result, failure) -> {
                if (failure == null) {
                    this.answer.complete(result);
                } else {
                    this.answer.completeExceptionally(failure);
                }
            });
        }
    }
}
