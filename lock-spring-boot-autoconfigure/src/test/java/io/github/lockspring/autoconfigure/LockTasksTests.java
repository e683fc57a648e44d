package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.task.TaskDecorator;

class LockTasksTests {

    private final AtomicInteger inspected = new AtomicInteger();

    private final AtomicBoolean first = new AtomicBoolean(true);

    private final CountDownLatch begun = new CountDownLatch(1);

    private final CountDownLatch found = new CountDownLatch(1);

    @Test
    void executorIsLookedUpAndInspectedOnce() {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("tasks", (Executor) Runnable::run);
        LockTasks tasks = new LockTasks(beans, "tasks", (name, executor) -> this.inspected.incrementAndGet());
        tasks.capture().execute(() -> {});
        tasks.capture().execute(() -> {});
        assertThat(this.inspected).hasValue(1);
        tasks.destroy();
    }

    /** The other one may wait for a bean that this thread creates. */
    @Test
    void aFirstCallDoesNotWaitForAnotherOneThatLooksUpTheExecutor() throws InterruptedException {
        StaticListableBeanFactory beans = new StaticListableBeanFactory() {

            @Override
            public <T> T getBean(String name, Class<T> requiredType) {
                hangOnce();
                return super.getBean(name, requiredType);
            }
        };
        beans.addBean("tasks", (Executor) Runnable::run);
        assertThatTheSecondCallDoesNotWait(new LockTasks(beans, "tasks", (name, executor) -> {}));
    }

    @Test
    void norForOneThatLooksUpTheDecorators() throws InterruptedException {
        StaticListableBeanFactory beans = new StaticListableBeanFactory() {

            @Override
            public Object getBean(String name) {
                hangOnce();
                return super.getBean(name);
            }
        };
        beans.addBean("decorator", (TaskDecorator) task -> task);
        assertThatTheSecondCallDoesNotWait(new LockTasks(beans, null, (name, executor) -> {}));
    }

    private void assertThatTheSecondCallDoesNotWait(LockTasks tasks) throws InterruptedException {
        // The common pool may have one thread.
        Executor threads = task -> new Thread(task).start();
        CompletableFuture<Executor> waiting = CompletableFuture.supplyAsync(tasks::capture, threads);
        try {
            assertThat(this.begun.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(CompletableFuture.supplyAsync(tasks::capture, threads)).succeedsWithin(Duration.ofSeconds(30));
            assertThat(waiting).isNotDone();
        } finally {
            this.found.countDown();
        }
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(30));
        tasks.destroy();
    }

    private void hangOnce() {
        if (this.first.getAndSet(false)) {
            this.begun.countDown();
            try {
                this.found.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
