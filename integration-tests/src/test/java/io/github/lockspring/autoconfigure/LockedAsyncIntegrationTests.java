package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Locked {@code @Async} methods of two applications over one Redis. */
class LockedAsyncIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LockOptions ORDER = LockOptions.named("order").key("7").waitTime(PATIENCE);

    private final ApplicationContextRunner runner = LockContextRunners.sharedRedis()
            .withUserConfiguration(Asynchronous.class)
            .withBean(Orders.class);

    @Test
    void waitsForAnotherApplicationWithoutAThread() {
        this.runner.run(one -> this.runner.run(other -> {
            Orders orders = other.getBean(Orders.class);
            LockOperations locks = other.getBean(LockOperations.class);
            CompletableFuture<Long> run = new CompletableFuture<>();
            LockLease first = one.getBean(LockOperations.class).acquire(ORDER);
            orders.run("7", run);
            Future<Long> result = orders.compute("7");
            CompletableFuture<Long> cancelled = orders.later("7", new CompletableFuture<>());
            assertThat(orders.unlocked()).succeedsWithin(PATIENCE);
            cancelled.cancel(true);
            first.close();

            assertThat(run).succeedsWithin(PATIENCE);
            assertThat(run.join()).isGreaterThan(first.fencingToken());
            assertThat(result.get()).isGreaterThan(first.fencingToken());
            Awaitility.await().atMost(PATIENCE).until(() -> locks.holder(ORDER).isEmpty());
        }));
    }

    @Test
    void anotherApplicationHasTheLockOfACancelledTask() {
        this.runner.run(one -> this.runner.run(other -> {
            CompletableFuture<Long> work = new CompletableFuture<>();
            CompletableFuture<Long> running = one.getBean(Orders.class).later("7", work);
            Awaitility.await().atMost(PATIENCE).until(() -> work.getNumberOfDependents() > 0);
            assertThat(one.getBean(LockOperations.class).holder(ORDER)).isPresent();
            Future<Long> next = other.getBean(Orders.class).compute("7");
            running.cancel(true);

            assertThat(next.get()).isPositive();
            Awaitility.await().atMost(PATIENCE).until(work::isCancelled);
        }));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {

        @Bean
        ThreadPoolTaskExecutor taskExecutor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setCorePoolSize(1);
            return executor;
        }
    }

    @Async
    static class Orders {

        @DistributedLock(name = "order", key = "#id", waitTime = "1m")
        public void run(String id, CompletableFuture<Long> token) {
            token.complete(LockContext.required().fencingToken());
        }

        @DistributedLock(name = "order", key = "#id", waitTime = "1m")
        public Future<Long> compute(String id) {
            return CompletableFuture.completedFuture(LockContext.required().fencingToken());
        }

        @DistributedLock(name = "order", key = "#id", waitTime = "1m")
        public CompletableFuture<Long> later(String id, CompletableFuture<Long> work) {
            return work;
        }

        public CompletableFuture<Long> unlocked() {
            return CompletableFuture.completedFuture(0L);
        }
    }
}
