package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.github.lockspring.reactive.ReactiveLockTemplate;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Many calls that wait for one lock without a thread. */
@Tag("default-line")
public abstract class EnginePendingWorkContract extends EngineSuite {

    /** What the JVM, the drivers and the common pool may start in the meantime. */
    private static final int OTHER_THREADS = 32;

    private final LockOptions options = newOptions().waitForever();

    private final AtomicInteger inside = new AtomicInteger();

    private final AtomicInteger most = new AtomicInteger();

    /** How many calls wait; more than a process could have threads for, where the store allows it. */
    protected int calls() {
        return 1_000;
    }

    @Test
    void pendingPipelinesTakeNoThreadAndAreAllServed() {
        LockTemplate process = engine().locks();
        ReactiveLockOperations locks = new ReactiveLockTemplate(
                process, LockSettings.DEFAULTS, LockTaskExecution.on(ForkJoinPool.commonPool()));
        Mono<Integer> work = locks.withLock(this.options, Mono.fromCallable(this::visit));
        assertServed(process, () -> work.toFuture());
    }

    @Test
    void pendingFuturesTakeNoThreadAndAreAllServed() {
        LockTemplate process = engine().locks();
        assertServed(
                process,
                () -> process.executeAsync(this.options, lease -> CompletableFuture.completedFuture(visit()))
                        .toCompletableFuture());
    }

    @Test
    void pendingCallsThatAreCancelledLeaveTheQueue() {
        LockTemplate process = engine().locks();
        List<CompletableFuture<Integer>> pending = new ArrayList<>();
        try (LockLease first = process.acquire(this.options)) {
            for (int i = 0; i < Math.min(calls(), 10_000); i++) {
                pending.add(process.executeAsync(this.options, lease -> CompletableFuture.completedFuture(visit()))
                        .toCompletableFuture());
            }
            pending.forEach(call -> call.cancel(true));
            assertThat(first.isHeld()).isTrue();
            assertNobodyQueues(this.options);
        }
        assertAbandoned(this.options);
        assertThat(this.most).hasValue(0);
    }

    private void assertServed(LockTemplate process, Call call) {
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        List<CompletableFuture<Integer>> pending = new ArrayList<>();
        try (LockLease first = process.acquire(this.options)) {
            for (int i = 0; i < calls(); i++) {
                pending.add(call.begin());
            }
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(before + OTHER_THREADS);
            assertThat(first.isHeld()).isTrue();
            assertThat(pending).noneMatch(CompletableFuture::isDone);
        }

        assertThat(CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new)))
                .succeedsWithin(Duration.ofMinutes(2));
        assertThat(this.most).hasValue(1);
        assertAbandoned(this.options);
    }

    /** How many were inside at the time. */
    private int visit() {
        int now = this.inside.incrementAndGet();
        this.most.accumulateAndGet(now, Math::max);
        this.inside.decrementAndGet();
        return now;
    }

    private interface Call {

        CompletableFuture<Integer> begin();
    }
}
