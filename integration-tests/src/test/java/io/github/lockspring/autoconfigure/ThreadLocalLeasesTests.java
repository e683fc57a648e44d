package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.reactive.ReactiveLockContext;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The leases of a pipeline where Micrometer's context propagation restores thread-local values, and nowhere else. */
class ThreadLocalLeasesTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LockOptions ORDER = LockOptions.named("order").waitTime(Duration.ZERO);

    private static final LockOptions OTHER = LockOptions.named("other").waitTime(Duration.ZERO);

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private final Scheduler scheduler = Schedulers.fromExecutorService(this.thread);

    @AfterEach
    void closeThread() {
        Hooks.disableAutomaticContextPropagation();
        this.scheduler.dispose();
        this.thread.shutdown();
    }

    @Test
    void handleAndTapSeeThemOnAnyThread() {
        run((locks, operations) -> {
            Mono<String> pipeline = Mono.just("value").publishOn(this.scheduler).<String>handle((value, sink) -> {
                assertReenters(operations);
                sink.next(LockContext.required().fullName());
            });
            assertThat(locks.withLock(ORDER, pipeline).block(PATIENCE)).isEqualTo("order");
            assertNothingIsLeft();
        });
    }

    @Test
    void everyOperatorSeesThemWhereReactorPropagatesAutomatically() {
        Hooks.enableAutomaticContextPropagation();
        run((locks, operations) -> {
            Flux<String> pipeline = Flux.range(0, 300)
                    .map(i -> assertReenters(operations))
                    .publishOn(this.scheduler)
                    .map(name -> assertReenters(operations))
                    .flatMap(name -> Mono.fromCallable(() -> assertReenters(operations))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .concatMap(name -> Mono.just(name).delayElement(Duration.ofNanos(1)), 1)
                    .map(name -> LockContext.required().fullName());
            assertThat(locks.withLockMany(ORDER, pipeline).collectList().block(PATIENCE))
                    .hasSize(300)
                    .containsOnly("order");
            assertNothingIsLeft();

            assertThat(locks.withLock(
                                    OTHER,
                                    locks.withLock(
                                            ORDER,
                                            Mono.fromCallable(() -> List.of(
                                                            LockContext.required()
                                                                    .name(),
                                                            LockContext.current("other")
                                                                    .orElseThrow()
                                                                    .name()))
                                                    .subscribeOn(this.scheduler)))
                            .block(PATIENCE))
                    .containsExactly("order", "other");
            assertNothingIsLeft();
        });
    }

    @Test
    void annotatedMethodsThatAreCalledInAPipelineReenterTheirLock() {
        Hooks.enableAutomaticContextPropagation();
        LockContextRunners.memory()
                .withPropertyValues("distributed-lock.wait-time=0s")
                .withBean(Orders.class)
                .run(context -> {
                    Orders orders = context.getBean(Orders.class);
                    Mono<Long> blocking = Mono.fromCallable(orders::token).subscribeOn(Schedulers.boundedElastic());
                    ReactiveLockOperations locks = context.getBean(ReactiveLockOperations.class);
                    assertThat(locks.usingLock(ORDER, lease -> blocking.map(token -> token == lease.fencingToken()))
                                    .block(PATIENCE))
                            .isTrue();
                    assertNothingIsLeft();
                });
    }

    /** The elements of a queue may come with different values, for which Reactor leaves scopes open. */
    @Test
    void nothingIsLeftBehindQueuesThatAreFedFromAnywhere() {
        Hooks.enableAutomaticContextPropagation();
        run((locks, operations) -> {
            Sinks.Many<String> events = Sinks.many().unicast().onBackpressureBuffer();
            CompletableFuture<List<String>> heard = events.asFlux()
                    .publishOn(this.scheduler)
                    .map(event -> event)
                    .collectList()
                    .toFuture();
            for (int i = 0; i < 50; i++) {
                locks.withLock(ORDER, Mono.fromRunnable(() -> events.tryEmitNext("inside")))
                        .block(PATIENCE);
                events.tryEmitNext("outside");
                locks.withLock(OTHER, Mono.fromRunnable(() -> events.tryEmitNext("inside")))
                        .block(PATIENCE);
            }
            events.tryEmitComplete();
            assertThat(heard)
                    .succeedsWithin(PATIENCE)
                    .satisfies(all -> assertThat(all).hasSize(150));
            assertNothingIsLeft();
        });
    }

    @Test
    void aSnapshotOfReactorsContextRestoresThem() {
        run((locks, operations) -> {
            Mono<String> pipeline = Mono.deferContextual(context -> {
                ContextSnapshot snapshot = snapshots(false).captureFrom(context);
                String seen;
                try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
                    seen = assertReenters(operations);
                    try (ContextSnapshot.Scope none =
                            snapshots(true).captureFrom().setThreadLocals()) {
                        assertThat(LockContext.current()).isEmpty();
                        try (ContextSnapshot.Scope inner = snapshots(true).setThreadLocalsFrom(context)) {
                            assertThat(LockContext.current()).isPresent();
                        }
                        assertThat(LockContext.current()).isEmpty();
                    }
                    assertReenters(operations);
                }
                assertThat(LockContext.current()).isEmpty();
                return Mono.just(seen);
            });
            assertThat(locks.withLock(ORDER, pipeline.subscribeOn(this.scheduler))
                            .block(PATIENCE))
                    .isEqualTo("order");
            assertNothingIsLeft();
        });
    }

    /** As Reactor's queues do. */
    @Test
    void scopesThatAreLeftOpenOrClosedTwiceLeaveNothing() {
        run((locks, operations) -> {
            Mono<Boolean> pipeline = Mono.deferContextual(context -> {
                ContextSnapshot snapshot = snapshots(true).captureFrom(context);
                ContextSnapshot none = snapshots(true).captureFrom();
                ContextSnapshot.Scope task = snapshot.setThreadLocals();
                ContextSnapshot.Scope leftOpen = none.setThreadLocals();
                ContextSnapshot.Scope last = snapshot.setThreadLocals();
                last.close();
                last.close();
                assertThat(LockContext.current()).isEmpty();
                task.close();
                last.close();
                leftOpen.close();
                return Mono.just(LockContext.isEmpty());
            });
            assertThat(locks.withLock(ORDER, pipeline.subscribeOn(this.scheduler))
                            .block(PATIENCE))
                    .isTrue();
            assertNothingIsLeft();
        });
    }

    @Test
    void whatIsHandedToAnotherThreadDoesNotInheritThem() {
        Hooks.enableAutomaticContextPropagation();
        run((locks, operations) -> {
            Callable<Boolean> seesOne = () -> LockContext.current().isPresent();
            Callable<List<Boolean>> captures = () -> {
                assertReenters(operations);
                CompletableFuture<Boolean> decorated = new CompletableFuture<>();
                new ContextPropagatingTaskDecorator()
                        .decorate(() -> decorated.complete(LockContext.current().isPresent()))
                        .run();
                return List.of(
                        ContextExecutorService.wrap(
                                        Executors.newSingleThreadExecutor(),
                                        () -> snapshots(false).captureAll())
                                .submit(seesOne)
                                .get(),
                        CompletableFuture.supplyAsync(
                                        () -> LockContext.current().isPresent())
                                .get());
            };
            try (LockLease own = operations.acquire(ORDER)) {
                assertThat(captures.call()).containsExactly(false, false);
                assertThat(own.isHeld()).isTrue();
            }
            assertThat(locks.withLock(ORDER, Mono.fromCallable(captures).subscribeOn(Schedulers.boundedElastic()))
                            .block(PATIENCE))
                    .containsExactly(false, false);
            assertNothingIsLeft();
        });
    }

    /** As all values that Reactor propagates are, unless they are hidden. */
    @Test
    void whatIsSubscribedToBesideThePipelineInheritsThemUnlessTheyAreHidden() {
        Hooks.enableAutomaticContextPropagation();
        run((locks, operations) -> {
            Mono<Boolean> beside =
                    Mono.fromCallable(() -> LockContext.current().isPresent()).subscribeOn(this.scheduler);
            assertThat(locks.withLock(
                                    ORDER,
                                    Mono.fromCallable(() -> beside.toFuture().get())
                                            .subscribeOn(Schedulers.boundedElastic()))
                            .block(PATIENCE))
                    .isTrue();
            assertThat(locks.withLock(
                                    ORDER,
                                    Mono.fromCallable(() -> {
                                                try (LockContext.Scope hidden = LockContext.isolate()) {
                                                    return beside.toFuture().get();
                                                }
                                            })
                                            .subscribeOn(Schedulers.boundedElastic()))
                            .block(PATIENCE))
                    .isFalse();
            assertNothingIsLeft();
        });
    }

    /** The thread that subscribes holds something: the pipeline is not inside of that. */
    @Test
    void leasesOfTheThreadAreHiddenWhereThoseOfThePipelineAreRestored() {
        run((locks, operations) -> {
            try (LockLease own = operations.acquire(OTHER)) {
                assertThat(locks.withLock(ORDER, Mono.just("value").<String>handle((value, sink) -> {
                                    assertThat(LockContext.current("other")).isEmpty();
                                    sink.next(LockContext.required().name());
                                }))
                                .block(PATIENCE))
                        .isEqualTo("order");
                assertThat(LockContext.required()).isSameAs(own);
            }
            assertNothingIsLeft();
        });
    }

    @Test
    void aLeaseThatIsClosedIsNotShown() {
        run((locks, operations) -> {
            Mono<Boolean> escaped = locks.withLock(ORDER, Mono.deferContextual(context -> Mono.just(context)))
                    .flatMap(context -> Mono.just("value")
                            .<Boolean>handle((value, sink) ->
                                    sink.next(LockContext.current().isPresent()))
                            .contextWrite(context));
            assertThat(escaped.block(PATIENCE)).isFalse();
            assertNothingIsLeft();
        });
    }

    /** Pipelines that are inside of a lock share it, unless they are taken out of it. */
    @Test
    void innerPipelinesAreInsideTogetherUnlessTheyAreIsolated() {
        run((locks, operations) -> {
            Mono<Long> token = locks.usingLock(ORDER, lease -> Mono.just(lease.fencingToken()));
            Mono<Boolean> same = Mono.zip(token, token, Long::equals);
            assertThat(locks.withLock(ORDER, same).block(PATIENCE)).isTrue();

            Mono<Long> children = token.subscribeOn(Schedulers.parallel()).publishOn(this.scheduler);
            assertThat(locks.withLock(ORDER, children).block(PATIENCE)).isPositive();

            Mono<Boolean> isolated = token.hasElement().onErrorReturn(false).contextWrite(ReactiveLockContext::isolate);
            assertThat(locks.withLock(ORDER, isolated).block(PATIENCE)).isFalse();
            assertNothingIsLeft();
        });
    }

    private static ContextSnapshotFactory snapshots(boolean clearMissing) {
        return ContextSnapshotFactory.builder().clearMissing(clearMissing).build();
    }

    private static String assertReenters(LockOperations operations) {
        LockLease current = LockContext.required();
        try (LockLease again = operations.acquire(ORDER)) {
            assertThat(again.fencingToken()).isEqualTo(current.fencingToken());
        }
        assertThat(LockContext.required()).isSameAs(current);
        return current.name();
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(LockContext.isEmpty()).isTrue();
        assertThat(this.thread.submit(LockContext::isEmpty).get()).isTrue();
        assertThat(Flux.range(0, 20)
                        .flatMap(i -> Mono.fromCallable(LockContext::isEmpty).subscribeOn(Schedulers.boundedElastic()))
                        .mergeWith(Flux.range(0, 20)
                                .flatMap(i ->
                                        Mono.fromCallable(LockContext::isEmpty).subscribeOn(Schedulers.parallel())))
                        .collectList()
                        .block(PATIENCE))
                .containsOnly(true);
    }

    private static void run(Check check) {
        LockContextRunners.memory()
                .run(context -> check.run(
                        context.getBean(ReactiveLockOperations.class), context.getBean(LockOperations.class)));
    }

    interface Check {

        void run(ReactiveLockOperations locks, LockOperations operations) throws Exception;
    }

    static class Orders {

        @DistributedLock(name = "order")
        long token() {
            return LockContext.required().fencingToken();
        }
    }
}
