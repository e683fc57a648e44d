package io.github.lockspring.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads for what blocks: daemons, named, bounded in number and in what waits for them, gone when idle. */
final class WorkerThreads {

    private static final Logger log = LoggerFactory.getLogger(WorkerThreads.class);

    private static final long IDLE_SECONDS = 30;

    private WorkerThreads() {}

    static ThreadPoolExecutor bounded(String name, int threads, int capacity) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(capacity), factory(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Lets nothing new in, and what is under way finish, within limits. */
    static void end(List<ThreadPoolExecutor> executors, Duration limit) {
        executors.forEach(ThreadPoolExecutor::shutdown);
        try {
            for (ThreadPoolExecutor executor : executors) {
                if (!executor.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.debug("Commands to Redis are still under way after {}", limit);
                }
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory factory(String name) {
        AtomicInteger sequence = new AtomicInteger();
        return task -> thread(name + '-' + sequence.incrementAndGet(), task);
    }

    static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
