package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.testredis.TestRedis;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Threads that the application does not own: those that serve answers, and workers that run other tasks meanwhile. */
class BorrowedThreadsIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration FOREVER = Duration.ofHours(1);

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private RedisConnectionFactory factory;

    private RedisLockStore store;

    private LockEngine engine;

    @AfterEach
    void stop() throws Exception {
        this.engine.close();
        this.store.close();
        ((DisposableBean) this.factory).destroy();
    }

    private void connect(Driver driver) {
        this.factory = driver.connect(this.redis.host(), this.redis.port());
        this.store = new RedisLockStore(
                this.factory,
                new RedisLockStoreSettings(
                        this.prefix, Duration.ofSeconds(2), Duration.ofSeconds(1), true, COMMAND_TIMEOUT, true));
        this.engine = new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "borrowed",
                        Duration.ofMillis(10),
                        COMMAND_TIMEOUT,
                        Duration.ofSeconds(1),
                        ReleaseWait.SYNC,
                        ForkJoinPool.commonPool()));
        acquire("ready", PATIENCE).close();
    }

    private LockLease acquire(String name, Duration waitTime) {
        return this.engine.acquire(request(name, waitTime));
    }

    private static LockRequest request(String name, Duration waitTime) {
        return new LockRequest(LockName.of(name), waitTime, Duration.ofSeconds(30), true, false, null);
    }

    /** The event loop would wait for an answer that only it can read. */
    @Test
    void anEventLoopIsNotBlockedForALock() {
        connect(Driver.LETTUCE);
        LockLease held = this.engine
                .acquireAsync(request("stock", PATIENCE))
                .toCompletableFuture()
                .join();
        try (RedisConnection connection = this.factory.getConnection()) {
            assertThat(onEventLoop(connection, () -> acquire("stock", FOREVER)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("asynchronous");
            assertThat(onEventLoop(connection, () -> acquire("free", FOREVER)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(onEventLoop(connection, held::close)).isNull();
        }
        assertThat(held.isHeld()).isFalse();
        acquire("stock", PATIENCE).close();
    }

    /** What an action throws that follows an answer to the application's own command. */
    private static Throwable onEventLoop(RedisConnection connection, Runnable action) {
        RedisClusterAsyncCommands<?, ?> commands = (RedisClusterAsyncCommands<?, ?>) connection.getNativeConnection();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        // the answer comes later than the action is attached
        commands.clientPause(50);
        CompletableFuture<Void> unused =
                commands.ping().toCompletableFuture().thenRun(() -> thrown.complete(catchThrowable(action::run)));
        return thrown.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @ParameterizedTest
    @EnumSource
    void aNonBlockingThreadOfReactorIsNotBlocked(Driver driver) {
        connect(driver);
        Throwable thrown = catchThrowable(() -> Mono.fromCallable(() -> acquire("stock", FOREVER))
                .subscribeOn(Schedulers.parallel())
                .block(PATIENCE));
        assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessageContaining("'stock'");
    }

    /** Two tasks on one worker: the second comes while the first, inside its lock, joins it. */
    @ParameterizedTest
    @CsvSource({"LETTUCE, false", "LETTUCE, true", "JEDIS, false", "JEDIS, true"})
    void aWorkerThatJoinsInsideALockLetsATaskInUnlessThatIsIsolated(Driver driver, boolean isolated) {
        connect(driver);
        int[] stock = {0};
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            ForkJoinTask<?> outer = pool.submit(() -> {
                try (LockLease lease = acquire("stock", PATIENCE)) {
                    int before = stock[0];
                    ForkJoinTask<?> other = ForkJoinTask.adapt(() -> countUp(stock, isolated));
                    other.fork();
                    other.join();
                    stock[0] = before + 1;
                    lease.ensureHeld();
                }
            });
            outer.join();
        } finally {
            pool.shutdown();
        }
        // the change of the task that came in between is lost; an isolated one did not come in
        assertThat(stock[0]).isEqualTo(1);
        assertThat(this.entered).isEqualTo(!isolated);
    }

    private boolean entered;

    private void countUp(int[] stock, boolean isolated) {
        try (LockContext.Scope isolation = isolated ? LockContext.isolate() : null;
                LockLease lease = acquire("stock", Duration.ZERO)) {
            stock[0]++;
            this.entered = lease.isHeld() && isolated == (isolation != null);
        } catch (LockNotAcquiredException ex) {
            this.entered = false;
        }
    }
}
