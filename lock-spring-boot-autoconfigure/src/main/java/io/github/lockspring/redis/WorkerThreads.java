package io.github.lockspring.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ending the threads for what blocks. */
final class WorkerThreads {

    private static final Logger log = LoggerFactory.getLogger(WorkerThreads.class);

    private WorkerThreads() {}

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
}
