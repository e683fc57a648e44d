package io.github.lockspring.redis;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what blocks: daemons, named, bounded in number and in what waits for them, gone when idle. */
final class WorkerThreads {

    private static final long IDLE_SECONDS = 30;

    private WorkerThreads() {}

    static ThreadPoolExecutor bounded(String name, int threads, int capacity) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(capacity), factory(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
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
