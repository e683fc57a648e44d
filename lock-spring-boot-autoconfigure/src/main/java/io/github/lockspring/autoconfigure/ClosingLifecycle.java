package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Closes parts of locking while their dependencies still work. Web server, executors and listener containers have
 * stopped by then, still able to lock: their phases are {@code Integer.MAX_VALUE / 2} and above. The connection
 * factory, in phase 0, stops after it. A closed part stays closed.
 */
final class ClosingLifecycle implements SmartLifecycle {

    private static final int ENGINE_PHASE = Integer.MAX_VALUE / 4;

    private static final int STORE_PHASE = ENGINE_PHASE - 1;

    private static final Logger log = LoggerFactory.getLogger(ClosingLifecycle.class);

    private final List<? extends AutoCloseable> parts;

    private final int phase;

    private volatile boolean running;

    private ClosingLifecycle(List<? extends AutoCloseable> parts, int phase) {
        this.parts = parts;
        this.phase = phase;
    }

    static ClosingLifecycle ofEngines(List<LockEngine> engines) {
        return new ClosingLifecycle(engines, ENGINE_PHASE);
    }

    static ClosingLifecycle ofStores(List<? extends AutoCloseable> stores) {
        return new ClosingLifecycle(stores, STORE_PHASE);
    }

    @Override
    public void start() {
        this.running = true;
    }

    @Override
    public void stop() {
        this.running = false;
        this.parts.forEach(ClosingLifecycle::close);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception ex) {
            log.warn("Closing {} failed", part, ex);
        }
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return this.phase;
    }

    /**
     * Pausing a context, as Spring Framework 7 does with the cached contexts of tests, does not close anything: a
     * paused context will be resumed. Framework 6.2 does not have this method.
     *
     * @return {@code false}
     */
    public boolean isPauseable() {
        return false;
    }
}
