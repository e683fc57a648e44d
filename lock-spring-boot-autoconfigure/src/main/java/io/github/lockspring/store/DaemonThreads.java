package io.github.lockspring.store;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.util.CustomizableThreadCreator;

/**
 * Makes the threads of engine and stores: daemons, whose names begin with {@code distributed-lock-} and describe their
 * purpose. Thread-safe.
 *
 * @since 0.1
 */
public final class DaemonThreads {

    /** How the name of every thread begins. */
    public static final String PREFIX = "distributed-lock-";

    private static final long IDLE_SECONDS = 30;

    private DaemonThreads() {}

    /**
     * Creates a factory.
     *
     * @param what what its threads do: follows {@link #PREFIX} in their names
     * @return the factory
     */
    public static ThreadFactory named(String what) {
        CustomizableThreadCreator threads = new CustomizableThreadCreator(PREFIX + what + '-');
        threads.setDaemon(true);
        return threads::createThread;
    }

    /**
     * Creates a pool whose threads end when they have been idle for half a minute. It rejects tasks that exceed its
     * capacity.
     *
     * @param what what its threads do
     * @param threads the maximum number of threads
     * @param capacity how many tasks may wait for a thread
     * @return the pool
     */
    public static ThreadPoolExecutor pool(String what, int threads, int capacity) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(capacity), named(what));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
