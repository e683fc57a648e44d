package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;

/** Methods that are {@code @Async}, with a thread for each call. */
@Configuration(proxyBeanMethods = false)
@EnableAsync
class AsyncJobs implements AsyncConfigurer {

    private final AtomicReference<CompletableFuture<String>> skipped = new AtomicReference<>();

    @Bean
    SimpleAsyncTaskExecutor taskExecutor() {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("async-");
        executor.setDaemon(true);
        return executor;
    }

    /** Of methods without a future: nothing tells that one has been skipped, other than that its task has ended. */
    @Bean
    SimpleAsyncTaskExecutor voidExecutor() {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("void-");
        executor.setDaemon(true);
        executor.setTaskDecorator(task -> () -> {
            task.run();
            CompletableFuture<String> told = this.skipped.getAndSet(null);
            if (told != null) {
                told.complete(null);
            }
        });
        return executor;
    }

    @Override
    public AsyncUncaughtExceptionHandler getAsyncUncaughtExceptionHandler() {
        return (failure, method, arguments) ->
                ((CompletableFuture<?>) arguments[arguments.length - 1]).completeExceptionally(failure);
    }

    /** What is completed with null when the next task without a future ends, unless it is completed before. */
    CompletableFuture<String> nextSkipped() {
        CompletableFuture<String> told = new CompletableFuture<>();
        this.skipped.set(told);
        return told;
    }

    @Async("taskExecutor")
    static class Futures {

        @DistributedLock(name = "job", key = "#id")
        public CompletableFuture<String> run(String id, CompletableFuture<String> work) {
            return work;
        }

        @DistributedLock(name = "job", key = "#id", waitTime = "0s", onContention = OnContention.SKIP)
        public CompletableFuture<String> runOrSkip(String id, CompletableFuture<String> work) {
            return work;
        }
    }

    /** Each tells its result itself, and ends when its lease is lost. */
    @Async("voidExecutor")
    static class Voids {

        @DistributedLock(name = "job", key = "#id")
        public void run(String id, CompletableFuture<String> work, CompletableFuture<String> told) {
            LockLease lease = LockContext.required();
            lease.onLost(() -> work.complete("too late"));
            String result = work.join();
            if (lease.isHeld()) {
                told.complete(result);
            }
        }

        @DistributedLock(name = "job", key = "#id", waitTime = "0s", onContention = OnContention.SKIP)
        public void runOrSkip(String id, CompletableFuture<String> work, CompletableFuture<String> told) {
            told.complete(work.join());
        }
    }
}
