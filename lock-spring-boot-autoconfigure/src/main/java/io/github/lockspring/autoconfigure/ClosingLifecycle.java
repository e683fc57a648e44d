package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.redis.RedisLockStore;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Closes parts of locking while their dependencies still work, and opens them when a context that was stopped is started
 * again, after the connection factory and before what locks. Web server, executors and listener containers have stopped
 * by then, still able to lock: their phases are {@code Integer.MAX_VALUE / 2} and above. The connection factory, in
 * phase 0, stops after it.
 *
 * @param <T> the kind of part
 */
final class ClosingLifecycle<T extends AutoCloseable> implements SmartLifecycle {

    private static final int ENGINE_PHASE = Integer.MAX_VALUE / 4;

    private static final int STORE_PHASE = ENGINE_PHASE - 1;

    private static final Logger log = LoggerFactory.getLogger(ClosingLifecycle.class);

    private final List<T> parts;

    private final Consumer<T> open;

    private final int phase;

    private volatile boolean running;

    private ClosingLifecycle(List<T> parts, Consumer<T> open, int phase) {
        this.parts = parts;
        this.open = open;
        this.phase = phase;
    }

    static ClosingLifecycle<LockEngine> ofEngines(List<LockEngine> engines) {
        return new ClosingLifecycle<>(engines, LockEngine::open, ENGINE_PHASE);
    }

    static ClosingLifecycle<RedisLockStore> ofStores(List<RedisLockStore> stores) {
        return new ClosingLifecycle<>(stores, RedisLockStore::open, STORE_PHASE);
    }

    @Override
    public void start() {
        this.parts.forEach(this.open);
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
