package io.github.lockspring.autoconfigure;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Warns of task executors that keep the thread that gives them a task, as far as they tell: it is one of the engine. */
final class BlockingExecutorWarning {

    /** Of Spring Boot, for its executor with virtual threads. */
    private static final String LIMIT = "spring.task.execution.simple.concurrency-limit";

    private static final String REJECTS = "spring.task.execution.simple.reject-tasks-when-limit-reached";

    private static final Logger log = LoggerFactory.getLogger(BlockingExecutorWarning.class);

    private final Environment environment;

    BlockingExecutorWarning(Environment environment) {
        this.environment = environment;
    }

    void check(String name, Executor executor) {
        String reason = whatKeepsThread(executor);
        if (reason == null) {
            return;
        }
        boolean limitedByBoot = name.equals(LockTasks.DEFAULT_EXECUTOR) && this.environment.containsProperty(LIMIT);
        if (limitedByBoot && this.environment.getProperty(REJECTS, Boolean.class, false)) {
            return;
        }
        log.warn(
                "Task executor '{}' {}. Asynchronous calls under a lock give it their work on a thread of the lock"
                        + " engine, which is then late to tell of other acquisitions and of lost leases. {}, or set"
                        + " {} to the name of another executor",
                name,
                reason,
                limitedByBoot
                        ? "Remove " + LIMIT + ", set " + REJECTS + "=true"
                        : "Have it queue or reject the tasks that it cannot run",
                LockTasks.PROPERTY);
    }

    private static @Nullable String whatKeepsThread(Executor executor) {
        if (executor instanceof ConcurrentTaskExecutor adapter) {
            return whatKeepsThread(adapter.getConcurrentExecutor());
        }
        if (executor instanceof ThreadPoolTaskExecutor pool) {
            return whatKeepsThread(pool.getThreadPoolExecutor());
        }
        if (executor instanceof SyncTaskExecutor) {
            return "runs each task on the thread that gives it the task";
        }
        if (executor instanceof SimpleAsyncTaskExecutor simple && simple.isThrottleActive()) {
            return "has a concurrency limit (" + simple.getConcurrencyLimit()
                    + "): once it is reached, the thread that gives it a task waits until another task has ended";
        }
        if (executor instanceof ThreadPoolExecutor pool
                && pool.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.CallerRunsPolicy
                && isLimited(pool.getQueue())) {
            return "runs a task on the thread that gives it the task when its queue is full (CallerRunsPolicy)";
        }
        return null;
    }

    private static boolean isLimited(BlockingQueue<?> queue) {
        return (long) queue.size() + queue.remainingCapacity() < Integer.MAX_VALUE;
    }
}
