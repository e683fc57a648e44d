package io.github.lockspring.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks whose failure must not end their thread or affect other work.
 *
 * @since 0.1
 */
public final class Logged {

    private static final Logger log = LoggerFactory.getLogger(Logged.class);

    private Logged() {}

    /**
     * Runs a task; anything that it throws, including an {@link Error}, is logged.
     *
     * @param failure the message to log in that case
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
