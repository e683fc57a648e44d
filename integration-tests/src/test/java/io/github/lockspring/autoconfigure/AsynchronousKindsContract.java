package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Asynchronous work of every kind, however it ends: who has the lock then. All kinds run at the same time. */
abstract class AsynchronousKindsContract {

    private static final Logger logger = LoggerFactory.getLogger(AsynchronousKindsContract.class);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    abstract ApplicationContextRunner runner();

    @Test
    void isHeldUntilTheWorkHasCompleted() {
        run(context -> calls(context).forEach(call -> {
            call.start();
            call.awaitRunning();
            call.work.complete("done");
            assertThat(call.result).as(call.name()).succeedsWithin(PATIENCE).isEqualTo("done");
            call.awaitHeld(false);
        }));
    }

    @Test
    void isReleasedWhenTheWorkFails() {
        run(context -> calls(context).forEach(call -> {
            Failure failure = new Failure(call);
            call.start();
            call.awaitRunning();
            call.work.completeExceptionally(failure);
            assertThat(call.failure()).as(call.name()).isSameAs(failure);
            call.awaitHeld(false);
        }));
    }

    @Test
    void isNotAcquiredOnceACallThatWaitsIsCancelled() {
        run(context -> calls(context, AsynchronousKind::isCancellable).forEach(call -> {
            try (LockLease first = call.locks.acquire(AsynchronousKind.options(call.name()))) {
                call.start();
                assertThat(call.result).as(call.name()).isNotDone();
                call.result.cancel(true);
                assertThat(first.isHeld()).isTrue();
            }
            // the next one gets it without a wait
            call.awaitHeld(false);
            assertThat(call.locks.tryAcquire(AsynchronousKind.options(call.name()), PATIENCE))
                    .as(call.name())
                    .get()
                    .satisfies(LockLease::close);
            assertThat(call.work.getNumberOfDependents()).as(call.name()).isZero();
        }));
    }

    @Test
    void isReleasedWhenACallThatRunsIsCancelled() {
        run(context -> calls(context, AsynchronousKind::isCancellable).forEach(call -> {
            call.start();
            call.awaitRunning();
            long cancelled = System.nanoTime();
            call.result.cancel(true);
            call.awaitHeld(false);
            Duration taken = Duration.ofNanos(System.nanoTime() - cancelled);
            logger.info("{}: free {} ms after it was cancelled", call.name(), taken.toMillis());
            // a tenth of a second is what is expected
            assertThat(taken).as(call.name()).isLessThan(Duration.ofSeconds(1));
            call.awaitCancelledWork();
        }));
    }

    @Test
    void isReleasedWhenTheCallerHasNoMoreTime() {
        run(context -> {
            List<Call> calls = calls(context, AsynchronousKind::isCancellable);
            calls.forEach(call -> call.result = AsynchronousKind.futureWithin(
                    Duration.ofSeconds(1), call.kind.start(context, call.name(), call.work)));
            calls.forEach(call -> {
                assertThat(call.failure()).as(call.name()).isInstanceOf(TimeoutException.class);
                call.awaitHeld(false);
                call.awaitCancelledWork();
            });
        });
    }

    @Test
    void aLostLeaseEndsTheCallAndCancelsTheWork() {
        losesItsLease("distributed-lock.renew=false");
    }

    @Test
    void endsWhenItsLongestTimeIsOver() {
        losesItsLease("distributed-lock.max-hold-time=1s");
    }

    private void losesItsLease(String property) {
        run(
                context -> {
                    List<Call> calls = calls(context);
                    calls.forEach(Call::start);
                    calls.forEach(call -> {
                        assertThat(call.failure()).as(call.name()).isInstanceOf(LeaseLostException.class);
                        call.awaitEndedWork();
                        call.awaitHeld(false);
                    });
                },
                "distributed-lock.lease-time=1s",
                property);
    }

    @Test
    void keepsOthersOutForItsShortestTime() {
        run(
                context -> calls(context).forEach(call -> {
                    call.work.complete("done");
                    call.start();
                    assertThat(call.result).as(call.name()).succeedsWithin(PATIENCE);
                    assertThat(call.locks.tryAcquire(AsynchronousKind.options(call.name())))
                            .as(call.name())
                            .isEmpty();
                }),
                "distributed-lock.locks.job.hold-at-least=1h");
    }

    @Test
    void isSkippedOrRefusedWhileAnotherCallerHasTheLock() {
        run(
                context -> calls(context).forEach(call -> {
                    try (LockLease first = call.locks.acquire(AsynchronousKind.options(call.name()))) {
                        assertThat(AsynchronousKind.future(call.kind.startOrSkip(context, call.name(), call.work)))
                                .as(call.name())
                                .succeedsWithin(PATIENCE)
                                .isNull();
                        call.start();
                        assertThat(call.failure()).as(call.name()).isInstanceOf(LockNotAcquiredException.class);
                        assertThat(first.isHeld()).isTrue();
                        call.awaitHeld(true);
                    }
                    assertThat(call.work.getNumberOfDependents())
                            .as(call.name())
                            .isZero();
                }),
                "distributed-lock.wait-time=0s");
    }

    /** Who waits is refused, and whose work is running is told that its lock is lost: it is left to expire. */
    @Test
    void shutdownEndsWaitingAndRunningCalls() {
        List<Call> waiting = new ArrayList<>();
        List<Call> running = new ArrayList<>();
        run(
                context -> {
                    running.addAll(calls(context));
                    running.forEach(Call::start);
                    running.forEach(Call::awaitRunning);
                    waiting.addAll(calls(context));
                    waiting.forEach(Call::start);
                    assertThat(waiting).noneMatch(call -> call.result.isDone());
                },
                "distributed-lock.wait-time=forever");
        waiting.forEach(call -> assertThat(call.failure()).as(call.name()).isInstanceOf(LockShutdownException.class));
        running.forEach(call -> assertThat(call.failure()).as(call.name()).isInstanceOf(LeaseLostException.class));
        waiting.forEach(call ->
                assertThat(call.work.getNumberOfDependents()).as(call.name()).isZero());
    }

    final void run(Check check, String... properties) {
        runner().withPropertyValues("distributed-lock.wait-time=1m")
                .withPropertyValues(properties)
                .withUserConfiguration(AsyncJobs.class)
                .withInitializer(context -> Arrays.stream(AsynchronousKind.values())
                        .map(kind -> kind.bean)
                        .filter(Objects::nonNull)
                        .forEach(bean -> ((GenericApplicationContext) context).registerBean(bean)))
                .run(check::run);
    }

    static List<Call> calls(ApplicationContext context) {
        return calls(context, kind -> true);
    }

    private static List<Call> calls(ApplicationContext context, Predicate<AsynchronousKind> kinds) {
        return Arrays.stream(AsynchronousKind.values())
                .filter(kinds)
                .map(kind -> new Call(kind, context))
                .toList();
    }

    interface Check {

        void run(ApplicationContext context);
    }

    static final class Call {

        private final AsynchronousKind kind;

        private final ApplicationContext context;

        private final LockOperations locks;

        final CompletableFuture<String> work = new CompletableFuture<>();

        private CompletableFuture<?> result;

        Call(AsynchronousKind kind, ApplicationContext context) {
            this.kind = kind;
            this.context = context;
            this.locks = context.getBean(LockOperations.class);
        }

        String name() {
            return this.kind.name();
        }

        void start() {
            this.result = AsynchronousKind.future(this.kind.start(this.context, name(), this.work));
        }

        void awaitRunning() {
            await(() -> this.work.getNumberOfDependents() > 0);
            awaitHeld(true);
        }

        void awaitHeld(boolean held) {
            await(() -> this.locks.holder(AsynchronousKind.options(name())).isPresent() == held);
        }

        void awaitCancelledWork() {
            await(this.work::isCancelled);
        }

        /** Of a lost lease. */
        void awaitEndedWork() {
            await(this.work::isDone);
            assertThat(this.work.isCancelled()).as(name()).isEqualTo(this.kind.cancelsWork());
        }

        private void await(Callable<Boolean> condition) {
            Awaitility.await(name())
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .ignoreExceptionsInstanceOf(LockStoreException.class)
                    .until(condition);
        }

        Throwable failure() {
            return this.result
                    .handle((value, failure) -> {
                        Throwable told = failure instanceof CompletionException ? failure.getCause() : failure;
                        return told != null ? told : new AssertionError("Completed with " + value);
                    })
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Has state, which keeps coroutines from copying it for the sake of its stack trace. */
    private static final class Failure extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        private final transient Call call;

        Failure(Call call) {
            super("of the application");
            this.call = call;
        }

        @Override
        public String toString() {
            return super.toString() + ", " + this.call.name();
        }
    }
}
