package io.github.lockspring.observation;

import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.store.LockStore;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Engines that tell a monitor, and what they are asked for. */
final class Engines {

    private Engines() {}

    static DefaultLockEngine over(LockStore store, LockMonitor monitor, Executor callbacks) {
        return new DefaultLockEngine(
                store,
                new EngineSettings(
                        "tests",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        ReleaseWait.SYNC,
                        callbacks),
                monitor);
    }

    static LockRequest order(int key) {
        return order(key, Duration.ZERO);
    }

    static LockRequest order(int key, Duration waitTime) {
        return request(LockName.of("order", key), waitTime, Duration.ofSeconds(30));
    }

    static LockRequest request(LockName name, Duration waitTime, Duration leaseTime) {
        return new LockRequest(name, waitTime, leaseTime, true, false, null);
    }
}
