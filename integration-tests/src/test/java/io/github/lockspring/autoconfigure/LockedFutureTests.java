package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockFailureHandler;
import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Methods that return a future: their lock is held until it completes, and no thread waits. */
@Tag("default-line")
class LockedFutureTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LockOptions ORDER = LockOptions.named("order").key("7");

    @ParameterizedTest
    @EnumSource
    void holdsTheLockUntilTheFutureCompletes(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result = orders.change("7", work);
            awaitLocked(locks, true);

            work.complete("changed");

            assertThat(result).succeedsWithin(PATIENCE).isEqualTo("changed");
            awaitLocked(locks, false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aMethodThatThrowsFailsItsFuture(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            IllegalStateException failure = new IllegalStateException("of the application");
            assertFails(orders.failing("7", failure), failure);
            awaitLocked(locks, false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFallbackAnswersForContention(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            try (LockLease first = locks.acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(orders.replaced("7")).succeedsWithin(PATIENCE).isEqualTo("instead of 7");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerAnswersForContention(ProxyKind kind) {
        LockFailureHandler handler = (call, failure) -> CompletableFuture.completedFuture("handled");
        runner(kind).withBean(LockFailureHandler.class, () -> handler).run(context -> {
            Orders orders = kind.bean(context, Orders.class);
            try (LockLease first = context.getBean(LockOperations.class).acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(orders.refused("7")).succeedsWithin(PATIENCE).isEqualTo("handled");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsConditionNothingIsLocked(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            try (LockLease first = locks.acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(orders.conditional("7", false, null)).isCompletedWithValue("no lease");
            }
            assertThat(orders.conditional("7", true, null))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo("lease");
        });
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeyFailsTheCall(ProxyKind kind) {
        run(
                kind,
                (orders, locks) -> assertThatExceptionOfType(LockKeyException.class)
                        .isThrownBy(() -> orders.change(null, CompletableFuture.completedFuture("unused"))));
    }

    @ParameterizedTest
    @EnumSource
    void theBodyRunsOnTheExecutorOfTheApplicationAndKnowsItsLease(ProxyKind kind) {
        AtomicInteger tasks = new AtomicInteger();
        SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("mine-");
        Executor counting = task -> {
            tasks.incrementAndGet();
            threads.execute(task);
        };
        runner(kind)
                .withBean("mine", Executor.class, () -> counting)
                .withPropertyValues("distributed-lock.task-executor=mine")
                .run(context -> {
                    Orders orders = kind.bean(context, Orders.class);
                    assertThat(orders.whereAmI("7").toCompletableFuture())
                            .succeedsWithin(PATIENCE)
                            .asString()
                            .startsWith("mine-")
                            .endsWith(", order:7");
                    assertThat(tasks).hasValue(1);
                });
    }

    @Test
    void aTaskExecutorThatIsNotThereStopsTheStart() {
        LockContextRunners.memory()
                .withPropertyValues("distributed-lock.task-executor=orderExecutor")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("distributed-lock.task-executor=orderExecutor")
                        .hasMessageContaining("no bean of that name"));
        LockContextRunners.memory()
                .withPropertyValues("distributed-lock.task-executor=orderExecutor")
                .withBean("orderExecutor", String.class, () -> "orders")
                .run(context ->
                        assertThat(context).getFailure().hasMessageContaining("not a java.util.concurrent.Executor"));
    }

    @ParameterizedTest
    @EnumSource
    void aPlainFutureHasToBeDone(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            assertThat(orders.plain("7", CompletableFuture.completedFuture("done")))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo("done");
            FutureTask<String> endless = new FutureTask<>(() -> "never run");
            assertThat(orders.plain("7", endless))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(InvalidLockAnnotationException.class);
            awaitLocked(locks, false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aStageThatTheTypeDoesNotTellHoldsTheLockToo(ProxyKind kind) {
        run(kind, (orders, locks) -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<?> result = (CompletableFuture<?>) orders.any("7", work);
            awaitLocked(locks, true);
            work.complete("changed");

            assertThat(result).succeedsWithin(PATIENCE).isEqualTo("changed");
            awaitLocked(locks, false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void refusesATransactionThatEndsBeforeTheFuture(ProxyKind kind) {
        for (Object orders : new Object[] {new TransactionalOrders(), new TransactionalClass()}) {
            kind.in(LockContextRunners.memory())
                    .withBean("orders", Object.class, () -> orders)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(InvalidLockAnnotationException.class)
                            .hasMessageContainingAll(
                                    orders.getClass().getName() + ".change()",
                                    "its transaction ends when it returns, before its work is done"));
        }
        kind.in(LockContextRunners.memory())
                .withBean(Suspending.class, OutsideOfTransactions::new)
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static void assertFails(CompletableFuture<?> result, Throwable failure) {
        assertThat(result).failsWithin(PATIENCE).withThrowableThat().withCause(failure);
    }

    private static void awaitLocked(LockOperations locks, boolean locked) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> locks.holder(ORDER).isPresent() == locked);
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return kind.in(LockContextRunners.memory()).withBean(FutureOrders.class);
    }

    private static void run(ProxyKind kind, Check check) {
        runner(kind).run(context -> check.run(kind.bean(context, Orders.class), context.getBean(LockOperations.class)));
    }

    interface Check {

        void run(Orders orders, LockOperations locks);
    }

    interface Orders {

        CompletableFuture<String> change(String id, CompletableFuture<String> work);

        CompletableFuture<String> failing(String id, RuntimeException failure);

        CompletableFuture<String> replaced(String id);

        CompletableFuture<String> refused(String id);

        CompletableFuture<String> conditional(String id, boolean locked, LockLease lease);

        CompletionStage<String> whereAmI(String id);

        Future<String> plain(String id, Future<String> work);

        Object any(String id, CompletableFuture<String> work);
    }

    static class FutureOrders implements Orders {

        @Override
        @DistributedLock(name = "order", key = "#id")
        public CompletableFuture<String> change(String id, CompletableFuture<String> work) {
            return work;
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public CompletableFuture<String> failing(String id, RuntimeException failure) {
            throw failure;
        }

        @Override
        @DistributedLock(name = "order", key = "#id", waitTime = "0s", fallback = "instead")
        public CompletableFuture<String> replaced(String id) {
            throw new AssertionError("must not run");
        }

        @SuppressWarnings("UnusedMethod") // The fallback.
        private CompletableFuture<String> instead(String id) {
            return CompletableFuture.completedFuture("instead of " + id);
        }

        @Override
        @DistributedLock(name = "order", key = "#id", waitTime = "0s")
        public CompletableFuture<String> refused(String id) {
            throw new AssertionError("must not run");
        }

        @Override
        @DistributedLock(name = "order", key = "#id", condition = "#locked")
        public CompletableFuture<String> conditional(String id, boolean locked, LockLease lease) {
            return CompletableFuture.completedFuture(lease != null && lease.isHeld() ? "lease" : "no lease");
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public CompletionStage<String> whereAmI(String id) {
            return CompletableFuture.completedStage(Thread.currentThread().getName() + ", "
                    + LockContext.required().fullName());
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Future<String> plain(String id, Future<String> work) {
            return work;
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Object any(String id, CompletableFuture<String> work) {
            return work;
        }
    }

    interface Suspending {

        CompletableFuture<String> change();
    }

    static class TransactionalOrders implements Suspending {

        @Override
        @Transactional
        @DistributedLock
        public CompletableFuture<String> change() {
            throw new AssertionError("must not run");
        }
    }

    @Transactional
    static class TransactionalClass implements Suspending {

        @Override
        @DistributedLock
        public CompletableFuture<String> change() {
            throw new AssertionError("must not run");
        }
    }

    static class OutsideOfTransactions implements Suspending {

        @Override
        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        @DistributedLock
        public CompletableFuture<String> change() {
            throw new AssertionError("must not run");
        }
    }
}
