package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.reactive.ReactiveLockContext;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.github.lockspring.reactive.ReactiveLockTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reactor's pipelines under locks: who has the lock however they end. */
public abstract class EngineReactiveWorkContract extends EngineSuite {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LockOptions options = newOptions();

    private final CompletableFuture<LockLease> begun = new CompletableFuture<>();

    @Test
    void theLockIsHeldUntilTheValueIsThere() {
        CompletableFuture<String> value = new CompletableFuture<>();
        CompletableFuture<String> result = locks(engine(ReleaseWait.SYNC))
                .usingLock(this.options, lease -> begin(lease, Mono.fromFuture(value)))
                .toFuture();
        LockLease lease = this.begun.join();
        assertThat(engine().locks().tryAcquire(this.options)).isEmpty();

        value.complete("done");

        assertThat(result).succeedsWithin(PATIENCE).isEqualTo("done");
        assertThat(lease.isHeld()).isFalse();
        assertThat(engine().locks().tryAcquire(this.options)).get().satisfies(LockLease::close);
        assertAbandoned(this.options);
    }

    @Test
    void aFailureReleasesTheLock() {
        IllegalStateException failure = new IllegalStateException("of the application");
        assertThat(locks(engine()).withLock(this.options, Mono.error(failure)).toFuture())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCause(failure);
        assertAbandoned(this.options);
    }

    @Test
    void aValueIsLockedForEachSubscriptionAndForNoneWithoutOne() {
        AtomicInteger calls = new AtomicInteger();
        ConcurrentLinkedQueue<Long> tokens = new ConcurrentLinkedQueue<>();
        Mono<Integer> work = locks(engine()).usingLock(this.options, lease -> {
            tokens.add(lease.fencingToken());
            return Mono.fromSupplier(calls::incrementAndGet);
        });
        assertThat(engine().locks().tryAcquire(this.options)).get().satisfies(LockLease::close);

        assertThat(work.block(PATIENCE)).isEqualTo(1);
        assertThat(work.block(PATIENCE)).isEqualTo(2);

        assertThat(tokens).hasSize(2).doesNotHaveDuplicates();
        assertAbandoned(this.options);
    }

    @Test
    void cancellingWhileItWaitsLeavesTheQueue() {
        LockLease first = engine().locks().acquire(this.options);
        Disposable waiting = locks(engine())
                .usingLock(this.options, lease -> begin(lease, Mono.just("never")))
                .subscribe();
        awaitQueued(1);

        waiting.dispose();

        assertNobodyQueues(this.options);
        first.close();
        assertAbandoned(this.options);
        assertThat(this.begun).isNotDone();
    }

    @Test
    void cancellingWhileTheLeaseIsOnItsWayGivesItBack() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        Disposable granted = new ReactiveLockTemplate(
                        engine().locks(), LockSettings.DEFAULTS, LockTaskExecution.on(tasks::add))
                .usingLock(this.options, lease -> begin(lease, Mono.just("never")))
                .subscribe();
        Awaitility.await().atMost(PATIENCE).until(() -> !tasks.isEmpty());

        granted.dispose();
        tasks.forEach(Runnable::run);

        assertAbandoned(this.options);
        assertThat(this.begun).isNotDone();
    }

    @Test
    void aLeaseThatIsLostBeforeThereIsAThreadKeepsTheWorkFromBeginning() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        CompletableFuture<String> result = new ReactiveLockTemplate(
                        engine().locks(), LockSettings.DEFAULTS, LockTaskExecution.on(tasks::add))
                .usingLock(
                        this.options.leaseTime(Duration.ofSeconds(1)).renew(false),
                        lease -> begin(lease, Mono.just("never")))
                .toFuture();

        // without the task that has the lease
        assertThat(result).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(LeaseLostException.class);
        tasks.forEach(Runnable::run);

        assertThat(this.begun).isNotDone();
        assertAbandoned(this.options);
    }

    @Test
    void theLockIsReleasedWhenNoThreadCanBeStarted() {
        OutOfMemoryError failure = new OutOfMemoryError("unable to create native thread");
        Mono<String> work = new ReactiveLockTemplate(
                        engine().locks(), LockSettings.DEFAULTS, LockTaskExecution.on(task -> {
                            throw failure;
                        }))
                .usingLock(this.options, lease -> begin(lease, Mono.just("never")));
        assertThat(work.toFuture()).failsWithin(PATIENCE).withThrowableThat().withCause(failure);
        assertThat(this.begun).isNotDone();
        assertAbandoned(this.options);
    }

    @Test
    void whatFollowsDoesNotKeepTheThreadThatHasTheAnswerToTheRelease() {
        CompletableFuture<String> value = new CompletableFuture<>();
        CompletableFuture<String> thread = locks(engine(ReleaseWait.SYNC))
                .usingLock(this.options, lease -> begin(lease, Mono.fromFuture(value)))
                .map(done -> Thread.currentThread().getName())
                .toFuture();
        this.begun.join();

        value.complete("done");

        assertThat(thread.join()).doesNotStartWith("distributed-lock");
        assertAbandoned(this.options);
    }

    @Test
    void cancellingWhileItRunsFreesTheLockAndCancelsTheWork() {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Disposable running = locks(engine())
                .usingLock(this.options, lease -> begin(lease, Mono.never().doOnCancel(() -> cancelled.complete(true))))
                .subscribe();
        this.begun.join();

        running.dispose();

        assertThat(cancelled).succeedsWithin(PATIENCE);
        assertAbandoned(this.options);
    }

    @Test
    void aTimeoutFreesTheLock() {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> locks(engine())
                        .withLock(this.options, Mono.never())
                        .timeout(Duration.ofSeconds(1))
                        .block(PATIENCE))
                .withCauseInstanceOf(TimeoutException.class);
        assertAbandoned(this.options);
    }

    @Test
    void aLostLeaseEndsThePipelineAndCancelsTheWork() {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        LockOptions brief = this.options.leaseTime(Duration.ofSeconds(1)).renew(false);
        assertThat(locks(engine())
                        .withLock(brief, Mono.never().doOnCancel(() -> cancelled.complete(true)))
                        .toFuture())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(LeaseLostException.class);
        assertThat(cancelled).succeedsWithin(PATIENCE);
        assertAbandoned(this.options);
    }

    @Test
    void aContendedLockIsToldWithoutTheWork() {
        LockLease first = engine().locks().acquire(this.options);
        assertThat(locks(engine())
                        .usingLock(this.options.waitTime(Duration.ZERO), lease -> begin(lease, Mono.just("never")))
                        .toFuture())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(LockNotAcquiredException.class);
        assertThat(this.begun).isNotDone();
        first.close();
        assertAbandoned(this.options);
    }

    @Test
    void manyValuesAreLockedFromTheFirstToTheLastAndDemandPasses() {
        AtomicLong demand = new AtomicLong();
        ReactiveLockOperations locks = locks(engine());
        List<Integer> values = locks.withLockMany(
                        this.options, Flux.range(1, 100).doOnRequest(demand::addAndGet))
                .limitRate(10)
                .concatMap(value -> locks.holder(this.options).thenReturn(value), 1)
                .collectList()
                .block(PATIENCE);

        assertThat(values)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(demand.get()).isLessThan(200);
        assertAbandoned(this.options);
    }

    @Test
    void theHolderIsShownWhileAPipelineRuns() {
        ReactiveLockOperations locks = locks(engine());
        Flux<Boolean> held = locks.withLockMany(
                this.options, locks.holder(this.options).hasElement().repeat(2));
        assertThat(held.collectList().block(PATIENCE)).containsExactly(true, true, true);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> locks.holder(this.options).blockOptional().isEmpty());
        assertAbandoned(this.options);
    }

    @Test
    void aPipelineReentersItsLockAndKnowsItsLease() {
        ReactiveLockOperations locks = locks(engine());
        Mono<Boolean> same = locks.usingLock(
                this.options,
                outer -> locks.withLock(this.options, ReactiveLockContext.current())
                        .map(inner -> inner.fencingToken() == outer.fencingToken()));
        assertThat(same.block(PATIENCE)).isTrue();
        assertAbandoned(this.options);
    }

    @Test
    void noTwoPipelinesAreInsideAtATime() {
        AtomicInteger inside = new AtomicInteger();
        Mono<Integer> work = Mono.fromSupplier(inside::incrementAndGet)
                .delayElement(Duration.ofMillis(1))
                .doOnTerminate(inside::decrementAndGet);
        LockOptions patient = this.options.waitTime(PATIENCE);
        List<Integer> counts = Flux.just(locks(engine()), locks(engine()))
                .flatMap(process -> Flux.range(0, 100).flatMap(i -> process.withLock(patient, work)))
                .collectList()
                .block(PATIENCE);
        assertThat(counts).hasSize(200).containsOnly(1);
        assertAbandoned(this.options);
    }

    private <T> Mono<T> begin(LockLease lease, Mono<T> work) {
        this.begun.complete(lease);
        return work;
    }

    private static ReactiveLockOperations locks(EngineProcess process) {
        return new ReactiveLockTemplate(
                process.locks(), LockSettings.DEFAULTS, LockTaskExecution.on(ForkJoinPool.commonPool()));
    }
}
