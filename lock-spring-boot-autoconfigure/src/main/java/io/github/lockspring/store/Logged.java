package io.github.lockspring.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what must neither end its thread nor take anything else with it when it fails.
 *
 * @since 0.1
 */
public final class Logged {

    private static final Logger log = LoggerFactory.getLogger(Logged.class);

    private Logged() {}

    /**
     * Runs a task; what it throws, an {@link Error} included, is logged.
     *
     * @param failure what to say then
     * @param task the task
     */
    public static void run(String failure, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error ex) {
            log.error(failure, ex);
        }
    }
}
