package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.testredis.FaultProxy;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The connections that commands go over have died without a word, as when a firewall forgets them, or a machine loses its
 * power, and there is hardly anything to do: no further command may be needed to notice it.
 */
@Tag("outer-lines")
class SilentConnectionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private final RedisProcess redis = RedisProcess.started();

    private final FaultProxy proxy = FaultProxy.to(this.redis.host(), this.redis.port());

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private RedisConnectionFactory factory;

    private RedisLockStore store;

    private DefaultLockEngine engine;

    @AfterEach
    void stop() throws Exception {
        this.engine.close();
        this.store.close();
        ((DisposableBean) this.factory).destroy();
        this.proxy.close();
        this.redis.close();
        this.threads.shutdown();
    }

    @ParameterizedTest
    @EnumSource
    void aCallerThatWaitsGetsTheLockOverANewOne(Driver driver) {
        connect(driver);
        this.proxy.silence();
        try (LockLease lease = this.engine.acquire(request("waited-for", PATIENCE, PATIENCE))) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeldLockIsRenewedOverANewOne(Driver driver) {
        connect(driver);
        Duration leaseTime = Duration.ofSeconds(6);
        try (LockLease lease = this.engine.acquire(request("held", Duration.ZERO, leaseTime));
                RespClient inside = this.redis.client()) {
            this.proxy.silence();
            // without a renewal the lease is over by then
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(leaseTime.plusMillis(500))
                    .until(() -> true);
            assertThat(lease.isHeld()).isTrue();
            assertThat((Long) inside.command("PTTL", "lock:{held}")).isPositive();
        }
    }

    /** The first command was executed and never answered; then nobody calls any more. */
    @ParameterizedTest
    @EnumSource
    void whatNobodyWasToldIsTakenBackOverANewOne(Driver driver) throws Exception {
        connect(driver);
        try (RespClient inside = this.redis.client()) {
            this.proxy.holdReplies();
            CompletableFuture<LockLease> asked = this.engine
                    .acquireAsync(request("orphan", Duration.ZERO, Duration.ofHours(1)))
                    .toCompletableFuture();
            Awaitility.await()
                    .until(() -> inside.command("EXISTS", "lock:{orphan}").equals(1L));
            this.proxy.silence();
            this.proxy.heal();

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> inside.command("EXISTS", "lock:{orphan}").equals(0L));
            assertThat(asked).isCompletedExceptionally();
        }
    }

    private void connect(Driver driver) {
        this.factory = driver.connect(this.proxy.host(), this.proxy.port());
        this.store = new RedisLockStore(
                this.factory,
                new RedisLockStoreSettings(
                        "lock:", Duration.ofSeconds(2), Duration.ofSeconds(1), true, COMMAND_TIMEOUT, true));
        this.engine = new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "tests",
                        Duration.ofMillis(10),
                        COMMAND_TIMEOUT,
                        Duration.ofSeconds(1),
                        ReleaseWait.SYNC,
                        this.threads));
        this.engine.acquire(request("warm", PATIENCE, PATIENCE)).close();
    }

    private static LockRequest request(String name, Duration waitTime, Duration leaseTime) {
        return new LockRequest(LockName.of(name), waitTime, leaseTime, true, false, null);
    }
}
