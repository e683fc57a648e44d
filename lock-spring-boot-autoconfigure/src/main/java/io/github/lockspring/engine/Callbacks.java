package io.github.lockspring.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what belongs to the application: on the executor that it has given, and where that refuses on one thread of the
 * engine's own, never on threads of the store or the timer.
 */
final class Callbacks {

    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private static final long IDLE_SECONDS = 5;

    private final Executor executor;

    private final Executor substitute;

    Callbacks(Executor executor) {
        this.executor = executor;
        ThreadPoolExecutor single =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "distributed-lock-callback");
                    thread.setDaemon(true);
                    return thread;
                });
        single.allowCoreThreadTimeOut(true);
        this.substitute = single;
    }

    void run(Runnable task) {
        try {
            this.executor.execute(() -> runLogged(task));
        } catch (RuntimeException | Error ex) {
            log.warn("The callback executor refused a task, which now runs on a thread of the lock engine", ex);
            this.substitute.execute(() -> runLogged(task));
        }
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error ex) {
            log.error("A callback of the application failed", ex);
        }
    }
}
