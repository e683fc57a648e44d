package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockFailureHandler;
import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Methods that are {@code @Async} and locked: no thread waits for the lock, and it is held until the task has ended. */
@Tag("outer-lines")
class LockedAsyncTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LockOptions ORDER = LockOptions.named("order").key("7");

    private static final ThreadLocal<String> CALLER = new ThreadLocal<>();

    @ParameterizedTest
    @EnumSource
    void holdsTheLockWhileTheBodyRuns(ProxyKind proxies) {
        forEach(runner(proxies), proxies, (fixture, kind) -> {
            Body body = new Body();
            Future<String> result = kind.call(fixture.orders, "7", body);
            body.awaitBegun();
            assertThat(fixture.isLocked()).isTrue();
            assertThat(body.begunAs).startsWith("single-").endsWith(", order:7");

            body.end("done");

            fixture.awaitLocked(false);
            if (result != null) {
                assertThat(result.get()).isEqualTo("done");
            }
            assertThat(fixture.uncaught).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void releasesTheLockWhenTheBodyFails(ProxyKind proxies) {
        forEach(runner(proxies), proxies, (fixture, kind) -> {
            IllegalStateException failure = new IllegalStateException("of the application");
            Future<String> result = kind.call(fixture.orders, "7", () -> {
                throw failure;
            });

            assertThat(fixture.failure(result)).isSameAs(failure);
            fixture.awaitLocked(false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void noThreadOfTheExecutorWaitsForTheLock(ProxyKind proxies) {
        forEach(runner(proxies), proxies, (fixture, kind) -> {
            Body body = new Body();
            try (LockLease first = fixture.locks.acquire(ORDER)) {
                assertThat(kind.call(fixture.orders, "7", body)).matches(result -> result == null || !result.isDone());
                assertThat(fixture.orders.unlocked("other")).succeedsWithin(PATIENCE);
                assertThat(body.hasBegun()).isFalse();
                assertThat(first.isHeld()).isTrue();
            }

            body.awaitBegun();
            assertThat(fixture.isLocked()).isTrue();
            body.end("done");
            fixture.awaitLocked(false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void cancellingGivesUpThePlaceInTheQueue(ProxyKind proxies) {
        forEachFuture(runner(proxies), proxies, (fixture, kind) -> {
            Body body = new Body();
            LockLease first = fixture.locks.acquire(ORDER);
            Future<String> result = kind.call(fixture.orders, "7", body);
            assertThat(result.cancel(true)).isTrue();
            first.close();

            assertThat(kind.call(fixture.orders, "7", () -> "next").get()).isEqualTo("next");
            assertThat(body.hasBegun()).isFalse();
            assertThat(result.isCancelled()).isTrue();
            fixture.awaitLocked(false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void cancellingARunningTaskFreesTheLock(ProxyKind proxies) {
        forEachFuture(runner(proxies), proxies, (fixture, kind) -> {
            Body body = new Body();
            Future<String> result = kind.call(fixture.orders, "7", body);
            body.awaitBegun();
            assertThat(fixture.isLocked()).isTrue();

            result.cancel(true);
            fixture.awaitLocked(false);
            // as Spring has it: only a plain future interrupts
            assertThat(body.isInterrupted(kind == Result.FUTURE)).isEqualTo(kind == Result.FUTURE);
            body.end("unused");
            assertThat(fixture.orders.unlocked("other")).succeedsWithin(PATIENCE);
            assertThat(fixture.isLocked()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void cancellingATaskThatWaitsForItsThreadFreesTheLock(ProxyKind proxies) {
        forEachFuture(runner(proxies), proxies, (fixture, kind) -> {
            Body other = new Body();
            fixture.orders.run("8", other);
            other.awaitBegun();
            Body body = new Body();
            Future<String> result = kind.call(fixture.orders, "7", body);
            fixture.awaitLocked(true);

            result.cancel(true);
            fixture.awaitLocked(false);
            other.end("done");
            assertThat(fixture.orders.unlocked("other")).succeedsWithin(PATIENCE);
            assertThat(body.hasBegun()).isFalse();
        });
    }

    @Test
    void aLostLeaseEndsAPlainFuture() {
        run(ProxyKind.CLASS, fixture -> {
            Body body = new Body();
            Future<String> result = fixture.orders.futureBrief("7", body);
            body.awaitBegun();

            assertThat(fixture.failure(result)).isInstanceOf(LeaseLostException.class);
            assertThat(body.isInterrupted(false)).isFalse();
            body.end("unused");
        });
    }

    @Test
    void aLostLeaseWithoutAFutureIsHandledWhenTheBodyEnds() {
        run(ProxyKind.CLASS, fixture -> {
            Body body = new Body();
            fixture.orders.runBrief("7", body);
            body.awaitBegun();
            Awaitility.await().atMost(PATIENCE).until(body.lease::isLost);
            assertThat(fixture.uncaught).isEmpty();

            body.end("done");
            assertThat(fixture.failure(null)).isInstanceOf(LeaseLostException.class);
        });
    }

    @Test
    void aLostLeaseInterruptsTheThreadOfTheExecutor() {
        run(
                runner(ProxyKind.CLASS).withPropertyValues("distributed-lock.on-lost=interrupt"),
                ProxyKind.CLASS,
                fixture -> {
                    Body body = new Body();
                    fixture.orders.runBrief("7", body);
                    assertThat(body.isInterrupted(true)).isTrue();
                    assertThat(fixture.failure(null)).isInstanceOf(InterruptedException.class);
                });
    }

    @Test
    void aLeaseThatIsLostBeforeItsTaskBeginsKeepsItFromRunning() {
        run(ProxyKind.CLASS, fixture -> {
            Body other = new Body();
            fixture.orders.run("8", other);
            other.awaitBegun();
            Body body = new Body();
            Body bodyWithFuture = new Body();
            fixture.orders.runBrief("7", body);
            fixture.awaitLocked(true);
            fixture.awaitLocked(false);
            CompletableFuture<String> result = fixture.orders.completableBrief("7", bodyWithFuture);

            assertThat(fixture.failure(result)).isInstanceOf(LeaseLostException.class);
            other.end("done");
            assertThat(fixture.failure(null)).isInstanceOf(LeaseLostException.class);
            assertThat(body.hasBegun() || bodyWithFuture.hasBegun()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFallbackAnswersForContention(ProxyKind proxies) {
        run(proxies, fixture -> {
            try (LockLease first = fixture.locks.acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(fixture.orders.replaced("7"))
                        .succeedsWithin(PATIENCE)
                        .isEqualTo("instead of 7 on single-1");
                assertThat(fixture.orders.replacedPlain("7").get()).isEqualTo("instead of 7 on single-1");
                assertThat(fixture.uncaught).isEmpty();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerAnswersForContention(ProxyKind proxies) {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        LockFailureHandler handler = (call, failure) -> {
            handled.add(call.method().getName());
            return call.method().getReturnType() == void.class ? null : CompletableFuture.completedFuture("handled");
        };
        run(runner(proxies).withBean(LockFailureHandler.class, () -> handler), proxies, fixture -> {
            try (LockLease first = fixture.locks.acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(fixture.orders.refused("7")).succeedsWithin(PATIENCE).isEqualTo("handled");
                fixture.orders.runRefused("7");
                assertThat(handled.take()).isEqualTo("refused");
                assertThat(handled.poll(60, TimeUnit.SECONDS)).isEqualTo("runRefused");
                assertThat(fixture.uncaught).isEmpty();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsConditionNothingIsLocked(ProxyKind proxies) {
        run(proxies, fixture -> {
            try (LockLease first = fixture.locks.acquire(ORDER)) {
                assertThat(first.isHeld()).isTrue();
                assertThat(fixture.orders.conditional("7", false, null))
                        .succeedsWithin(PATIENCE)
                        .isEqualTo("no lease");
            }
            assertThat(fixture.orders.conditional("7", true, null))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo("lease");
        });
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeyFailsTheCall(ProxyKind proxies) {
        forEach(
                runner(proxies),
                proxies,
                (fixture, kind) -> assertThatExceptionOfType(LockKeyException.class)
                        .isThrownBy(() -> kind.call(fixture.orders, null, () -> "unused")));
    }

    @ParameterizedTest
    @EnumSource
    void theLockIsHeldUntilThePlainFutureOfTheMethodIsDone(ProxyKind proxies) {
        run(proxies, fixture -> {
            FutureTask<String> plain = new FutureTask<>(() -> "plain");
            Future<String> plainResult = fixture.orders.laterPlain("7", plain);
            fixture.awaitLocked(true);
            plain.run();
            assertThat(plainResult.get()).isEqualTo("plain");
            fixture.awaitLocked(false);
        });
    }

    @ParameterizedTest
    @EnumSource
    void cancellingAlsoCancelsTheFutureOfTheMethod(ProxyKind proxies) {
        run(proxies, fixture -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result = fixture.orders.later("7", work);
            fixture.awaitLocked(true);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> work.getNumberOfDependents() > 0);
            result.orTimeout(1, TimeUnit.MILLISECONDS);

            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(work::isCancelled);
            fixture.awaitLocked(false);
            assertThat(fixture.orders.unlocked("the thread is free")).succeedsWithin(PATIENCE);
        });
    }

    @Test
    void theBodyEntersItsLockAgain() {
        run(
                ProxyKind.CLASS,
                fixture -> assertThat(fixture.orders.completable(
                                "7",
                                () -> fixture.locks.execute(ORDER, lease -> "token " + (lease.fencingToken() > 0))))
                        .succeedsWithin(PATIENCE)
                        .isEqualTo("token true"));
    }

    @Test
    void aMethodThatIsNotReentrantRuns() {
        run(
                ProxyKind.CLASS,
                fixture -> assertThat(fixture.orders.notReentrant("7"))
                        .succeedsWithin(PATIENCE)
                        .isEqualTo("locked"));
    }

    @ParameterizedTest
    @EnumSource
    void aRejectedTaskReleasesTheLock(ProxyKind proxies) {
        run(runner(proxies).withUserConfiguration(SmallPool.class), proxies, fixture -> {
            Body other = new Body();
            fixture.orders.run("8", other);
            other.awaitBegun();
            for (Result kind : Result.values()) {
                Body body = new Body();
                assertThat(fixture.failure(kind.call(fixture.orders, "7", body)))
                        .isInstanceOf(TaskRejectedException.class);
                fixture.awaitLocked(false);
                assertThat(body.hasBegun()).isFalse();
            }
            other.end("done");
        });
    }

    /** Nothing tells that the executor has dropped a task, other than that it is no longer reachable. */
    @Test
    void tasksThatAreDroppedReleaseTheirLocks() {
        run(runner(ProxyKind.CLASS).withUserConfiguration(DroppingPool.class), ProxyKind.CLASS, fixture -> {
            Body other = new Body();
            fixture.orders.run("8", other);
            other.awaitBegun();
            fixture.orders.run("1", () -> "unused");
            Future<String> plain = fixture.orders.future("2", () -> "unused");
            Future<String> completable = fixture.orders.completable("3", () -> "unused");
            List<LockOptions> dropped = Stream.of("1", "2", "3")
                    .map(key -> LockOptions.named("order").key(key))
                    .toList();
            CountDownLatch drops = fixture.context.getBean(CountDownLatch.class);
            assertThat(drops.await(60, TimeUnit.SECONDS)).isTrue();

            Awaitility.await().atMost(PATIENCE).until(() -> {
                System.gc();
                return dropped.stream()
                        .allMatch(lock -> fixture.locks.holder(lock).isEmpty());
            });
            assertThat(fixture.failure(plain)).isInstanceOf(CancellationException.class);
            assertThat(fixture.failure(completable)).isInstanceOf(CancellationException.class);
            other.end("done");
        });
    }

    @Test
    void tasksInTheQueueOfAnExecutorThatShutsDownReleaseTheirLocks() {
        run(ProxyKind.CLASS, fixture -> {
            Body other = new Body();
            fixture.orders.run("8", other);
            other.awaitBegun();
            Future<String> plain = fixture.orders.future("7", () -> "unused");
            ThreadPoolTaskExecutor executor = fixture.context.getBean(ThreadPoolTaskExecutor.class);
            Awaitility.await().atMost(PATIENCE).until(() -> executor.getQueueSize() == 1);
            executor.shutdown();
            assertThat(fixture.failure(plain)).isInstanceOf(CancellationException.class);
            fixture.awaitCollected();

            fixture.orders.run("7", () -> "unused");
            assertThat(fixture.failure(null)).isInstanceOf(InterruptedException.class);
            assertThat(fixture.failure(null)).isInstanceOf(TaskRejectedException.class);
            fixture.awaitLocked(false);
        });
    }

    @Test
    void decoratorsOfTasksFindTheContextOfTheCaller() {
        run(runner(ProxyKind.CLASS).withUserConfiguration(Decorated.class), ProxyKind.CLASS, fixture -> {
            CALLER.set("the caller's");
            try {
                CompletableFuture<String> result = fixture.orders.completable("7", CALLER::get);
                assertThat(result).succeedsWithin(PATIENCE).isEqualTo("the caller's");
            } finally {
                CALLER.remove();
            }
        });
    }

    private static ApplicationContextRunner runner(ProxyKind proxies) {
        return proxies.in(LockContextRunners.memory())
                .withUserConfiguration(Asynchronous.class)
                .withBean(AsyncOrders.class);
    }

    private static void run(ProxyKind proxies, Check check) {
        run(runner(proxies), proxies, check);
    }

    private static void run(ApplicationContextRunner runner, ProxyKind proxies, Check check) {
        runner.run(context -> check.run(new Fixture(context, proxies.bean(context, Orders.class))));
    }

    private static void forEach(ApplicationContextRunner runner, ProxyKind proxies, KindCheck check) {
        run(runner, proxies, fixture -> {
            for (Result kind : Result.values()) {
                check.run(fixture, kind);
            }
        });
    }

    private static void forEachFuture(ApplicationContextRunner runner, ProxyKind proxies, KindCheck check) {
        forEach(runner, proxies, (fixture, kind) -> {
            if (kind != Result.NONE) {
                check.run(fixture, kind);
            }
        });
    }

    interface KindCheck {

        void run(Fixture fixture, Result kind) throws Exception;
    }

    interface Check {

        void run(Fixture fixture) throws Exception;
    }

    static final class Fixture {

        final ApplicationContext context;

        final Orders orders;

        final LockOperations locks;

        final Uncaught uncaught;

        Fixture(ApplicationContext context, Orders orders) {
            this.context = context;
            this.orders = orders;
            this.locks = context.getBean(LockOperations.class);
            this.uncaught = context.getBean(Uncaught.class);
        }

        boolean isLocked() {
            return this.locks.holder(ORDER).isPresent();
        }

        void awaitLocked(boolean locked) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> isLocked() == locked);
        }

        void awaitCollected() {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                System.gc();
                return !isLocked();
            });
        }

        /** Of a future, or of a method without one. */
        Throwable failure(Future<?> result) throws Exception {
            if (result == null) {
                return this.uncaught.poll(60, TimeUnit.SECONDS);
            }
            try {
                return new AssertionError("returned " + result.get());
            } catch (ExecutionException ex) {
                return ex.getCause();
            } catch (CancellationException ex) {
                return ex;
            }
        }
    }

    /** What a method returns. */
    enum Result {
        NONE,
        FUTURE,
        COMPLETABLE_FUTURE;

        Future<String> call(Orders orders, String id, Callable<String> body) throws Exception {
            switch (this) {
                case NONE -> orders.run(id, body);
                case FUTURE -> {
                    return orders.future(id, body);
                }
                case COMPLETABLE_FUTURE -> {
                    return orders.completable(id, body);
                }
            }
            return null;
        }
    }

    /** A body that runs until it is told to end. */
    static final class Body implements Callable<String> {

        private final CountDownLatch begun = new CountDownLatch(1);

        private final CompletableFuture<String> end = new CompletableFuture<>();

        private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        volatile String begunAs;

        volatile LockLease lease;

        @Override
        public String call() throws Exception {
            this.lease = LockContext.required();
            this.begunAs = Thread.currentThread().getName() + ", " + this.lease.fullName();
            this.begun.countDown();
            try {
                return this.end.get(60, TimeUnit.SECONDS);
            } catch (InterruptedException ex) {
                this.interrupted.complete(true);
                throw ex;
            }
        }

        void awaitBegun() throws InterruptedException {
            assertThat(this.begun.await(60, TimeUnit.SECONDS)).isTrue();
        }

        boolean hasBegun() {
            return this.begun.getCount() == 0;
        }

        /** Waits for an interrupt only where one is expected. */
        boolean isInterrupted(boolean expected) {
            return expected ? this.interrupted.orTimeout(60, TimeUnit.SECONDS).join() : this.interrupted.isDone();
        }

        void end(String result) {
            this.end.complete(result);
        }
    }

    static final class Uncaught extends LinkedBlockingQueue<Throwable> {

        private static final long serialVersionUID = 1L;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous implements AsyncConfigurer {

        private final Uncaught uncaught = new Uncaught();

        @Bean
        Uncaught uncaught() {
            return this.uncaught;
        }

        @Bean
        ThreadPoolTaskExecutor taskExecutor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setThreadNamePrefix("single-");
            executor.setCorePoolSize(1);
            executor.setMaxPoolSize(1);
            return executor;
        }

        @Override
        public AsyncUncaughtExceptionHandler getAsyncUncaughtExceptionHandler() {
            return (failure, method, arguments) -> this.uncaught.add(failure);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SmallPool {

        @Bean
        static BeanPostProcessor small() {
            return new Customization(executor -> executor.setQueueCapacity(0));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DroppingPool {

        @Bean
        static CountDownLatch drops() {
            return new CountDownLatch(3);
        }

        @Bean
        static BeanPostProcessor dropping(CountDownLatch drops) {
            return new Customization(executor -> {
                executor.setQueueCapacity(0);
                executor.setRejectedExecutionHandler((task, pool) -> drops.countDown());
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Decorated {

        @Bean
        static BeanPostProcessor decorating() {
            return new Customization(executor -> executor.setTaskDecorator(Decorated::withCaller));
        }

        /** Stands for Micrometer's context propagation, which need not be there. */
        @Bean
        LockTaskExecution tasks() {
            return () -> {
                String caller = CALLER.get();
                Executor executor = ForkJoinPool.commonPool();
                return task -> executor.execute(() -> {
                    CALLER.set(caller);
                    try {
                        task.run();
                    } finally {
                        CALLER.remove();
                    }
                });
            };
        }

        private static Runnable withCaller(Runnable task) {
            String caller = CALLER.get();
            return () -> {
                CALLER.set(caller);
                try {
                    task.run();
                } finally {
                    CALLER.remove();
                }
            };
        }
    }

    record Customization(Consumer<ThreadPoolTaskExecutor> change) implements BeanPostProcessor {

        @Override
        public Object postProcessBeforeInitialization(Object bean, String beanName) {
            if (bean instanceof ThreadPoolTaskExecutor executor) {
                this.change.accept(executor);
            }
            return bean;
        }
    }

    interface Orders {

        void run(String id, Callable<String> body) throws Exception;

        Future<String> future(String id, Callable<String> body) throws Exception;

        CompletableFuture<String> completable(String id, Callable<String> body) throws Exception;

        void runBrief(String id, Callable<String> body) throws Exception;

        Future<String> futureBrief(String id, Callable<String> body) throws Exception;

        CompletableFuture<String> completableBrief(String id, Callable<String> body) throws Exception;

        void runRefused(String id);

        CompletableFuture<String> replaced(String id);

        Future<String> replacedPlain(String id);

        CompletableFuture<String> refused(String id);

        CompletableFuture<String> conditional(String id, boolean locked, LockLease lease);

        CompletableFuture<String> later(String id, CompletableFuture<String> work);

        Future<String> laterPlain(String id, Future<String> work);

        CompletableFuture<String> notReentrant(String id);

        CompletableFuture<String> unlocked(String result);
    }

    @Async
    static class AsyncOrders implements Orders {

        @Override
        @DistributedLock(name = "order", key = "#id")
        public void run(String id, Callable<String> body) throws Exception {
            body.call();
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Future<String> future(String id, Callable<String> body) throws Exception {
            return CompletableFuture.completedFuture(body.call());
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public CompletableFuture<String> completable(String id, Callable<String> body) throws Exception {
            return CompletableFuture.completedFuture(body.call());
        }

        @Override
        @DistributedLock(name = "order", key = "#id", leaseTime = "1s", renew = "false")
        public void runBrief(String id, Callable<String> body) throws Exception {
            body.call();
        }

        @Override
        @DistributedLock(name = "order", key = "#id", leaseTime = "1s", renew = "false")
        public Future<String> futureBrief(String id, Callable<String> body) throws Exception {
            return CompletableFuture.completedFuture(body.call());
        }

        @Override
        @DistributedLock(name = "order", key = "#id", leaseTime = "1s", renew = "false")
        public CompletableFuture<String> completableBrief(String id, Callable<String> body) throws Exception {
            return CompletableFuture.completedFuture(body.call());
        }

        @Override
        @DistributedLock(name = "order", key = "#id", waitTime = "0s")
        public void runRefused(String id) {
            throw new AssertionError("must not run");
        }

        @Override
        @DistributedLock(name = "order", key = "#id", waitTime = "0s", fallback = "instead")
        public CompletableFuture<String> replaced(String id) {
            throw new AssertionError("must not run");
        }

        @Override
        @DistributedLock(name = "order", key = "#id", waitTime = "0s", fallback = "instead")
        public Future<String> replacedPlain(String id) {
            throw new AssertionError("must not run");
        }

        @SuppressWarnings("UnusedMethod") // The fallback.
        private CompletableFuture<String> instead(String id) {
            return CompletableFuture.completedFuture(
                    "instead of " + id + " on " + Thread.currentThread().getName());
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
        public CompletableFuture<String> later(String id, CompletableFuture<String> work) {
            return work;
        }

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Future<String> laterPlain(String id, Future<String> work) {
            return work;
        }

        @Override
        @DistributedLock(name = "order", key = "#id", reentrant = false)
        public CompletableFuture<String> notReentrant(String id) {
            return CompletableFuture.completedFuture(LockContext.required().isHeld() ? "locked" : "unlocked");
        }

        @Override
        public CompletableFuture<String> unlocked(String result) {
            return CompletableFuture.completedFuture(result);
        }
    }
}
