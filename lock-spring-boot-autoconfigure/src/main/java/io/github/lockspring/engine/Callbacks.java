package io.github.lockspring.engine;

import java.util.concurrent.Executor;
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
        Handover handover = new Handover(stage);
        try {
            this.executor.execute(handover);
        } catch (RuntimeException | Error ex) {
            log.warn("The callback executor refused a task, which now runs on a thread of the lock engine", ex);
            run(this.substitute, stage);
        } finally {
            handover.from = null;
        }
    }

    void tell(Runnable listener) {
        run(this.listeners, listener);
    }

    private static void run(Executor ours, Runnable task) {
        try {
            ours.execute(() -> runLogged(task));
        } catch (RuntimeException | Error ex) {
            log.error("No thread for a callback of the application, which is not told", ex);
        }
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error ex) {
            log.error("A callback of the application failed", ex);
        }
    }

    /** A stage on its way to the executor of the application. */
    private final class Handover implements Runnable {

        private final Runnable stage;

        /** The thread that hands it over, while it does. */
        private volatile @Nullable Thread from = Thread.currentThread();

        Handover(Runnable stage) {
            this.stage = stage;
        }

        @Override
        public void run() {
            if (this.from == Thread.currentThread()) {
                Callbacks.run(Callbacks.this.substitute, this.stage);
            } else {
                runLogged(this.stage);
            }
        }
    }
}
