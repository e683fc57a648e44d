package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Work that a hold hands to other threads is not inside of it: it would have to wait for the lock, as all others do. */
class ChildTasksTests {

    private static final LockOptions ORDER = LockOptions.named("order").waitTime(Duration.ZERO);

    @Test
    void threadsAndExecutorsDoNotInheritAHold() {
        run(outside -> {
            CompletableFuture<Boolean> thread = new CompletableFuture<>();
            new Thread(null, () -> thread.complete(outside.get()), "inheriting", 0, true).start();
            assertThat(thread.join()).isTrue();
            assertThat(CompletableFuture.supplyAsync(outside).join()).isTrue();
            assertThat(CompletableFuture.supplyAsync(outside, new SimpleAsyncTaskExecutor())
                            .join())
                    .isTrue();

            ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
            pool.initialize();
            assertThat(pool.submit(outside::get).get()).isTrue();
            pool.shutdown();
            ExecutorService own = Executors.newWorkStealingPool();
            assertThat(own.submit(outside::get).get()).isTrue();
            own.shutdown();
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsDoNotInheritAHold() {
        run(outside -> {
            ExecutorService virtual = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            assertThat(virtual.submit(outside::get).get()).isTrue();
            virtual.shutdown();
        });
    }

    /** A preview API, whose shape has changed. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void subtasksDoNotInheritAHold() {
        run(outside -> {
            Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
            Object scope = open(type);
            Callable<Boolean> task = outside::get;
            Supplier<?> subtask =
                    (Supplier<?>) type.getMethod("fork", Callable.class).invoke(scope, task);
            type.getMethod("join").invoke(scope);
            assertThat(subtask.get()).isEqualTo(true);
            ((AutoCloseable) scope).close();
        });
    }

    private static Object open(Class<?> type) throws ReflectiveOperationException {
        try {
            return type.isInterface()
                    ? type.getMethod("open").invoke(null)
                    : type.getConstructor().newInstance();
        } catch (InvocationTargetException ex) {
            Assumptions.assumeFalse(ex.getCause() instanceof UnsupportedOperationException, "needs --enable-preview");
            throw ex;
        }
    }

    /** The thread that runs the stream works as well, and is inside; the pool's workers are not. */
    @Test
    void otherWorkersOfAParallelStreamDoNotInheritAHold() {
        run(outside -> {
            Thread caller = Thread.currentThread();
            ConcurrentHashMap<Thread, Boolean> seen = new ConcurrentHashMap<>();
            ForkJoinPool pool = new ForkJoinPool(4);
            // also from a worker, which is not the caller
            List.<Runnable>of(
                            () -> IntStream.range(0, 1_000)
                                    .parallel()
                                    .forEach(i ->
                                            seen.merge(Thread.currentThread(), outside.get(), Boolean::logicalAnd)),
                            () -> pool.submit(() -> IntStream.range(0, 1_000)
                                            .parallel()
                                            .forEach(i -> seen.merge(
                                                    Thread.currentThread(), outside.get(), Boolean::logicalAnd)))
                                    .join())
                    .forEach(Runnable::run);
            pool.shutdown();
            assertThat(seen).hasSizeGreaterThan(1).containsEntry(caller, false);
            seen.remove(caller);
            assertThat(seen.values()).containsOnly(true);
        });
    }

    private static void run(Check check) {
        LockContextRunners.memory().run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            Supplier<Boolean> outside = () -> {
                boolean acquired = locks.tryAcquire(ORDER)
                        .map(lease -> {
                            lease.close();
                            return true;
                        })
                        .orElse(false);
                return !acquired && LockContext.isEmpty();
            };
            try (LockLease lease = locks.acquire(ORDER)) {
                check.run(outside);
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(LockContext.isEmpty()).isTrue();
        });
    }

    interface Check {

        void run(Supplier<Boolean> outside) throws Exception;
    }
}
