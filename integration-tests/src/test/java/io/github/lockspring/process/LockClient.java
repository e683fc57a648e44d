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

    static final Duration GRANT_LEASE = Duration.ofSeconds(2);

    static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private static final Duration HAND_OVER_AFTER = Duration.ofMillis(10);

    private final Driver driver;

    private final RedisConnectionFactory connectionFactory;

    private final RedisLockStore store;

    private final LockEngine engine;

    private final LockTemplate locks;

    private LockClient(
            Driver driver,
            RedisConnectionFactory connectionFactory,
            RedisLockStoreSettings settings,
            Duration handOverAfter) {
        this.driver = driver;
        this.connectionFactory = connectionFactory;
        this.store = new RedisLockStore(connectionFactory, settings);
        this.engine = new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "process-tests",
                        handOverAfter,
                        settings.commandTimeout(),
                        settings.pollInterval(),
                        ReleaseWait.ASYNC,
                        ForkJoinPool.commonPool()));
        this.locks = new LockTemplate(
                this.engine, new LockSettings(Duration.ofMinutes(1), Duration.ofSeconds(30), true, Map.of()));
    }

    static LockClient connect(Driver driver, String host, int port, String prefix) {
        return connect(driver, host, port, prefix, COMMAND_TIMEOUT);
    }

    static LockClient connect(Driver driver, String host, int port, String prefix, Duration commandTimeout) {
        return connect(driver, driver.connectTo(host, port), settings(prefix, GRANT_LEASE, true, commandTimeout));
    }

    static LockClient connect(Driver driver, List<String> cluster, String prefix) {
        return connect(driver, driver.connectTo(cluster), settings(prefix, GRANT_LEASE, true, COMMAND_TIMEOUT));
    }

    /** What it grants is kept for another time than usual. */
    static LockClient granting(Duration grantLease, Driver driver, String host, int port, String prefix) {
        return connect(driver, driver.connectTo(host, port), settings(prefix, grantLease, true, COMMAND_TIMEOUT));
    }

    /** It relies on messages: what it leaves in a queue stays there for five times as long. */
    static LockClient pollingEvery(Duration pollInterval, Driver driver, String host, int port, String prefix) {
        return connect(
                driver,
                driver.connectTo(host, port),
                new RedisLockStoreSettings(prefix, pollInterval, pollInterval, true, COMMAND_TIMEOUT, true));
    }

    /** Its threads keep a lock among themselves for another time than usual. */
    static LockClient handingOverAfter(Duration time, Driver driver, String host, int port, String prefix) {
        return new LockClient(
                driver, driver.connectTo(host, port), settings(prefix, GRANT_LEASE, true, COMMAND_TIMEOUT), time);
    }

    /** Is told of grants if it subscribes and may do so, and polls otherwise. */
    static LockClient connect(
            Driver driver, RedisConnectionFactory connectionFactory, String prefix, boolean subscribe) {
        return connect(driver, connectionFactory, settings(prefix, GRANT_LEASE, subscribe, COMMAND_TIMEOUT));
    }

    private static LockClient connect(
            Driver driver, RedisConnectionFactory connectionFactory, RedisLockStoreSettings settings) {
        return new LockClient(driver, connectionFactory, settings, HAND_OVER_AFTER);
    }

    private static RedisLockStoreSettings settings(
            String prefix, Duration grantLease, boolean subscribe, Duration commandTimeout) {
        return new RedisLockStoreSettings(prefix, grantLease, POLL_INTERVAL, subscribe, commandTimeout, true);
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
