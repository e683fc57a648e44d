package io.github.lockspring.process;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.redis.RedisLockStoreSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** All that a process needs for its locks, wired by hand. Two of them in one JVM are strangers to each other. */
final class LockClient implements AutoCloseable {

    /** Long enough for machines that are busy with other things. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final Driver driver;

    private final RedisConnectionFactory connectionFactory;

    private final RedisLockStore store;

    private final LockEngine engine;

    private final LockTemplate locks;

    private LockClient(
            Driver driver, RedisConnectionFactory connectionFactory, String prefix, Duration commandTimeout) {
        this.driver = driver;
        this.connectionFactory = connectionFactory;
        this.store = new RedisLockStore(
                connectionFactory,
                new RedisLockStoreSettings(prefix, Duration.ofSeconds(2), POLL_INTERVAL, true, commandTimeout));
        this.engine = new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "process-tests",
                        Duration.ofMillis(10),
                        commandTimeout,
                        POLL_INTERVAL,
                        ReleaseWait.ASYNC,
                        ForkJoinPool.commonPool()));
        this.locks = new LockTemplate(
                this.engine, new LockSettings(Duration.ofMinutes(1), Duration.ofSeconds(30), true, Map.of()));
    }

    static LockClient connect(Driver driver, String host, int port, String prefix) {
        return connect(driver, host, port, prefix, COMMAND_TIMEOUT);
    }

    static LockClient connect(Driver driver, String host, int port, String prefix, Duration commandTimeout) {
        return new LockClient(driver, driver.connectTo(host, port), prefix, commandTimeout);
    }

    static LockClient connect(Driver driver, List<String> cluster, String prefix) {
        return new LockClient(driver, driver.connectTo(cluster), prefix, COMMAND_TIMEOUT);
    }

    /** Waits until a first lock proves connection and classes to be there, so that later ones need not wait for them. */
    LockClient awaitReady() {
        this.locks.acquire(LockOptions.named("ready")).close();
        return this;
    }

    LockTemplate locks() {
        return this.locks;
    }

    /** Ends in the order in which a context would end it. */
    @Override
    public void close() {
        this.engine.close();
        this.store.close();
        this.driver.disconnect(this.connectionFactory);
    }
}
