package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.engine.ReleaseWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Work that no thread waits for: who has the lock however it ends. */
public abstract class EngineAsyncWorkContract extends EngineSuite {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LockOptions options = newOptions();

    private final CompletableFuture<String> work = new CompletableFuture<>();

    private final CompletableFuture<LockLease> begun = new CompletableFuture<>();

    @Test
    void theLockIsHeldUntilTheWorkIsDone() throws Exception {
        LockOperations process = engine(ReleaseWait.SYNC).locks();
        CompletableFuture<String> result = begin(process, this.options);
        LockLease lease = end(this.begun);
        assertThat(engine().locks().tryAcquire(this.options)).isEmpty();

        this.work.complete("done");

        assertThat(end(result)).isEqualTo("done");
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isFalse();
        assertThat(engine().locks().tryAcquire(this.options)).get().satisfies(LockLease::close);
        assertAbandoned(this.options);
    }

    /** It runs on the executor, or goes on where the work was completed. */
    @Test
    void whatFollowsDoesNotKeepTheThreadThatHasTheAnswerToTheRelease() throws Exception {
        CompletableFuture<String> result = begin(engine(ReleaseWait.SYNC).locks(), this.options);
        CompletableFuture<String> thread =
                result.thenApply(value -> Thread.currentThread().getName());
        end(this.begun);

        this.work.complete("done");

        assertThat(end(thread)).doesNotStartWith("distributed-lock");
    }

    @Test
    void theLockIsReleasedWhenTheWorkFails() {
        IllegalStateException failure = new IllegalStateException("of the application");
        CompletableFuture<String> result = begin(engine().locks(), this.options);
        end(this.begun);
        this.work.completeExceptionally(failure);

        assertFails(result, failure);
        assertAbandoned(this.options);
    }

    @Test
    void theLockIsReleasedWhenTheWorkCannotBegin() {
        IllegalStateException failure = new IllegalStateException("of the application");
        CompletableFuture<String> result = engine().locks()
                .<String>executeAsync(this.options, lease -> {
                    throw failure;
                })
                .toCompletableFuture();

        assertFails(result, failure);
        assertAbandoned(this.options);
    }

    @Test
    void aResultThatIsCancelledWhileItWaitsLeavesTheQueue() {
        LockLease first = engine().locks().acquire(this.options);
        LockOperations process = engine().locks();
        CompletableFuture<String> result = begin(process, this.options);
        awaitQueued(1);

        result.cancel(true);

        assertNobodyQueues(this.options);
        first.close();
        assertAbandoned(this.options);
        assertThat(this.begun).isNotDone();
    }

    @Test
    void aResultThatIsCancelledWhileItWaitsForAThreadFreesTheLock() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        CompletableFuture<String> result = begin(engine().locks(tasks::add), this.options);
        Awaitility.await().until(() -> !tasks.isEmpty());

        result.cancel(true);

        assertAbandoned(this.options);
        tasks.forEach(Runnable::run);
        assertThat(this.begun).isNotDone();
    }

    @Test
    void aLeaseThatIsLostBeforeThereIsAThreadKeepsTheWorkFromBeginning() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        LockOptions brief = this.options.leaseTime(Duration.ofSeconds(1)).renew(false);
        CompletableFuture<String> result = begin(engine().locks(tasks::add), brief);
        Awaitility.await().until(() -> tasks.size() == 2);

        // the work first, then the loss
        tasks.forEach(Runnable::run);

        assertThat(result).isCompletedExceptionally();
        assertThat(result.handle((value, failure) -> failure).join()).isInstanceOf(LeaseLostException.class);
        assertThat(this.begun).isNotDone();
        assertAbandoned(this.options);
    }

    @Test
    void theLockIsReleasedWhenNoThreadCanBeStarted() {
        OutOfMemoryError failure = new OutOfMemoryError("unable to create native thread");
        CompletableFuture<String> result = begin(
                engine().locks(task -> {
                    throw failure;
                }),
                this.options);
        assertFails(result, failure);
        assertThat(this.begun).isNotDone();
        assertAbandoned(this.options);
    }

    @Test
    void aResultThatIsCancelledWhileItsWorkRunsFreesTheLock() {
        CompletableFuture<String> result = begin(engine().locks(), this.options);
        end(this.begun);
        result.cancel(true);

        awaitCancelledWork();
        assertAbandoned(this.options);
    }

    @Test
    void aResultThatIsTooLateFreesTheLock() {
        CompletableFuture<String> result = begin(engine().locks(), this.options).orTimeout(1, TimeUnit.SECONDS);
        Awaitility.await().atMost(PATIENCE).until(result::isDone);

        awaitCancelledWork();
        assertAbandoned(this.options);
    }

    @Test
    void aLostLeaseEndsTheResult() {
        LockOptions brief = this.options.leaseTime(Duration.ofSeconds(1)).renew(false);
        CompletableFuture<String> result = begin(engine().locks(), brief);

        assertThat(result).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(LeaseLostException.class);
        awaitCancelledWork();
        assertAbandoned(this.options);
    }

    @Test
    void aContendedLockEndsTheResultWithoutTheWork() {
        LockLease first = engine().locks().acquire(this.options);
        CompletableFuture<String> result = begin(engine().locks(), this.options.waitTime(Duration.ZERO));

        assertThat(result)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(LockNotAcquiredException.class);
        assertThat(this.begun).isNotDone();
        first.close();
        assertAbandoned(this.options);
    }

    @Test
    void theWorkReentersItsLockOnItsThreadAndByItsLease() {
        LockOperations process = engine().locks();
        CompletableFuture<Long> result = process.executeAsync(this.options, lease -> {
                    process.run(
                            this.options,
                            () -> assertThat(LockContext.required().fencingToken())
                                    .isEqualTo(lease.fencingToken()));
                    return process.executeAsync(
                            this.options.within(lease),
                            inner -> CompletableFuture.completedFuture(inner.fencingToken() - lease.fencingToken()));
                })
                .toCompletableFuture();

        assertThat(end(result)).isZero();
        assertAbandoned(this.options);
    }

    @Test
    void noTwoWorksAreInsideAtATime() {
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        for (LockOperations process : List.of(engine().locks(), engine().locks())) {
            for (int i = 0; i < 100; i++) {
                results.add(process.executeAsync(
                                this.options.waitTime(PATIENCE),
                                lease -> CompletableFuture.supplyAsync(inside::incrementAndGet)
                                        .thenApplyAsync(count -> {
                                            inside.decrementAndGet();
                                            return count;
                                        }))
                        .toCompletableFuture());
            }
        }
        assertThat(results).allSatisfy(result -> assertThat(end(result)).isEqualTo(1));
        assertAbandoned(this.options);
    }

    private CompletableFuture<String> begin(LockOperations process, LockOptions asked) {
        return process.executeAsync(asked, lease -> {
                    this.begun.complete(lease);
                    return this.work;
                })
                .toCompletableFuture();
    }

    private static <T> T end(CompletableFuture<T> result) {
        return result.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** What is told that the result is over may be told before the work is. */
    private void awaitCancelledWork() {
        Awaitility.await().atMost(PATIENCE).until(this.work::isCancelled);
    }

    private static void assertFails(CompletableFuture<?> result, Throwable failure) {
        assertThat(result).failsWithin(PATIENCE).withThrowableThat().withCause(failure);
    }
}
