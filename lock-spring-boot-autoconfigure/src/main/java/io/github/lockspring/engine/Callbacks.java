package io.github.lockspring.engine;

import io.github.lockspring.store.Logged;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs code of the application, never on threads of the store or the timer: stages on the executor that the application
 * has configured or, if that rejects them, on threads of the engine. Loss listeners always run on threads of the
 * engine, so that they do not wait behind the stages of the application.
 */
final class Callbacks {

    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private static final long RETRY_EVERY = 1_000 * Nanos.MILLI;

    private final EngineClock clock;

    private final Executor executor;

    private final Executor stages;

    private final Executor listeners;

    /**
     * Creates callbacks.
     *
     * @param stages hands stages to the executor, and runs those that it does not
     * @param listeners runs loss listeners
     */
    Callbacks(EngineClock clock, Executor executor, Executor stages, Executor listeners) {
        this.clock = clock;
        this.executor = executor;
        this.stages = stages;
        this.listeners = listeners;
    }

    /** The executor may block, or run the stage immediately: it is called on a thread that no other task needs. */
    void complete(Runnable stage) {
        run(this.stages, () -> {
            try {
                this.executor.execute(() -> runLogged(stage));
            } catch (RuntimeException | Error ex) {
                log.warn(
                        "The callback executor rejected a task, which runs on a thread of the lock engine instead", ex);
                stage.run();
            }
        });
    }

    void tell(Runnable listener) {
        run(this.listeners, listener);
    }

    private void run(Executor ours, Runnable task) {
        try {
            ours.execute(() -> runLogged(task));
        } catch (RuntimeException | Error ex) {
            log.error(
                    "No thread could be started for a callback of the application; it is tried again in a second", ex);
            EngineClock.Timer unused = this.clock.schedule(RETRY_EVERY, () -> run(ours, task));
        }
    }

    private static void runLogged(Runnable task) {
        Logged.run("A callback of the application failed", task);
    }
}
