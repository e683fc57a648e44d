package io.github.lockspring.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what belongs to the application, never on threads of the store or the timer: stages on the executor that it has
 * given, or where that refuses, or would run them on the thread that hands them over, on threads of the engine's own. Loss
 * listeners run on those anyway, so that they do not wait behind what the application does with its stages.
 */
final class Callbacks {

    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private final Executor executor;

    private final Executor substitute;

    private final Executor listeners;

    /**
     * Creates callbacks.
     *
     * @param substitute runs stages that the executor does not
     * @param listeners runs loss listeners
     */
    Callbacks(Executor executor, Executor substitute, Executor listeners) {
        this.executor = executor;
        this.substitute = substitute;
        this.listeners = listeners;
    }

    void complete(Runnable stage) {
        // the thread that hands it over, while it does
        AtomicReference<@Nullable Thread> from = new AtomicReference<>(Thread.currentThread());
        try {
            this.executor.execute(() -> {
                if (from.get() == Thread.currentThread()) {
                    run(this.substitute, stage);
                } else {
                    runLogged(stage);
                }
            });
        } catch (RuntimeException | Error ex) {
            log.warn("The callback executor refused a task, which now runs on a thread of the lock engine", ex);
            run(this.substitute, stage);
        } finally {
            from.set(null);
        }
    }

    void tell(Runnable listener) {
        run(this.listeners, listener);
    }

    private static void run(Executor ours, Runnable task) {
        Logged.run(
                "No thread for a callback of the application, which is not told",
                () -> ours.execute(() -> runLogged(task)));
    }

    private static void runLogged(Runnable task) {
        Logged.run("A callback of the application failed", task);
    }
}
