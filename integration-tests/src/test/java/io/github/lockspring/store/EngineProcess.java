package io.github.lockspring.store;

import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** One process of an application: an engine of its own over the store that all share. */
final class EngineProcess implements AutoCloseable {

    /** Longer than any test waits, so that nothing is cured by it. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(90);

    private final DefaultLockEngine engine;

    private final LockTemplate template;

    EngineProcess(LockStore store, ReleaseWait release) {
        this(store, release, Duration.ofSeconds(1));
    }

    EngineProcess(LockStore store, ReleaseWait release, Duration pollInterval) {
        this.engine = new DefaultLockEngine(
                store,
                new EngineSettings(
                        "test",
                        Duration.ofMillis(10),
                        COMMAND_TIMEOUT,
                        pollInterval,
                        release,
                        ForkJoinPool.commonPool()));
        this.template = locks(ForkJoinPool.commonPool());
    }

    /** The same locks for work that an executor runs. */
    LockTemplate locks(Executor executor) {
        return new LockTemplate(
                this.engine,
                new LockSettings(Duration.ofMinutes(1), Duration.ofSeconds(30), true, Map.of()),
                LeaseReleaseStrategy.IMMEDIATE,
                LockTaskExecution.on(executor));
    }

    LockTemplate locks() {
        return this.template;
    }

    Optional<LockHolder> forceRelease(LockName lock, @Nullable String owner) {
        return this.engine.forceRelease(lock, owner);
    }

    @Override
    public void close() {
        this.engine.close();
    }
}
