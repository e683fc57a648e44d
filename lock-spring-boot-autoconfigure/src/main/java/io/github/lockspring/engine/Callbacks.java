package io.github.lockspring.engine;

import io.github.lockspring.store.DaemonThreads;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what belongs to the application: on the executor that it has given, and where that refuses on one thread of the
 * engine's own, never on threads of the store or the timer.
 */
final class Callbacks {

    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private final Executor executor;

    private final Executor substitute;

    Callbacks(Executor executor) {
        this.executor = executor;
        this.substitute = DaemonThreads.pool("callback", 1, Integer.MAX_VALUE);
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
