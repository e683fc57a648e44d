package io.github.lockspring.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what must neither end its thread nor take anything else with it when it fails. */
final class Logged {

    private static final Logger log = LoggerFactory.getLogger(Logged.class);

    private Logged() {}

    static void run(String failure, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error ex) {
            log.error(failure, ex);
        }
    }
}
