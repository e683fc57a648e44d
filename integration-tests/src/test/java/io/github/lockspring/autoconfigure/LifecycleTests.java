package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import io.github.lockspring.LockAcquiredEvent;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockEvent;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockListener;
import io.github.lockspring.LockLostEvent;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.redis.RedisLockStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

class LifecycleTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void locksWhileWhatUsesLocksStops() {
        Stopping user = new Stopping(new ThreadPoolTaskExecutor().getPhase());
        LockContextRunners.memory().withBean(Stopping.class, () -> user).run(context -> {
            user.locks = context.getBean(LockOperations.class);
            context.close();
            assertThat(user.failure).hasNullValue();
        });
    }

    @Test
    void refusesLocksOnceTheConnectionFactoryStops() {
        Stopping connections = new Stopping(0);
        LockContextRunners.memory().withBean(Stopping.class, () -> connections).run(context -> {
            connections.locks = context.getBean(LockOperations.class);
            context.close();
            assertThat(connections.failure.get()).isInstanceOf(LockShutdownException.class);
        });
    }

    @Test
    void losesLeasesThatAreStillHeldAtTheEnd() {
        LockContextRunners.memory().run(context -> {
            LockLease lease = context.getBean(LockOperations.class).acquire(LockOptions.named("report"));
            context.close();
            assertThat(lease.isLost()).isTrue();
            assertThatCode(lease::close).doesNotThrowAnyException();
        });
    }

    @Test
    void closesEachEngineAndStoreOfTheContext() {
        List<LockEngine> engines = List.of(mock(), mock());
        List<RedisLockStore> stores = List.of(mock(), mock());

        LockContextRunners.redis()
                .withBean("one", LockEngine.class, () -> engines.get(0))
                .withBean("other", LockEngine.class, () -> engines.get(1))
                .withBean("oneStore", RedisLockStore.class, () -> stores.get(0))
                .withBean("otherStore", RedisLockStore.class, () -> stores.get(1))
                .withBean(LockOperations.class, () -> mock())
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getSourceApplicationContext().stop();
                    engines.forEach(engine -> verify(engine).close());
                    stores.forEach(store -> verify(store).close());
                });
    }

    @Test
    void refusesLocksAfterTheEnd() {
        LockContextRunners.memory().run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            context.close();
            assertThatExceptionOfType(LockShutdownException.class)
                    .isThrownBy(() -> locks.acquire(LockOptions.named("report")))
                    .withMessageContaining("'report'");
        });
    }

    @Test
    void locksAgainOnceItIsStartedAgain() {
        LockContextRunners.memory().run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            ConfigurableApplicationContext source = context.getSourceApplicationContext();
            locks.run("report", () -> {});

            source.stop();
            assertThatExceptionOfType(LockShutdownException.class)
                    .isThrownBy(() -> locks.acquire(LockOptions.named("report")));
            assertThat(locks.acquireAsync(LockOptions.named("report")))
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LockShutdownException.class);
            source.start();

            locks.run("report", () -> {});
            assertThat(locks.acquireAsync(LockOptions.named("report")))
                    .succeedsWithin(PATIENCE)
                    .satisfies(LockLease::close);
        });
    }

    /** What watches locks for an operator goes on with the next engine, and keeps nothing of the one before. */
    @Test
    void watchesLocksAgainOnceItIsStartedAgain() {
        List<LockEvent> events = new CopyOnWriteArrayList<>();
        LockContextRunners.monitored()
                .withPropertyValues("distributed-lock.warn-after=1h", "distributed-lock.lease-time=1s")
                .withBean(LockListener.class, () -> events::add)
                .run(context -> {
                    LockOperations locks = context.getBean(LockOperations.class);
                    LongHolds watch = context.getBean(LongHolds.class);
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    ConfigurableApplicationContext source = context.getSourceApplicationContext();
                    LockLease before = locks.acquire(LockOptions.named("report"));
                    assertThat(watch.watched()).isOne();
                    assertThat(held(meters)).isOne();

                    source.stop();
                    Awaitility.await().untilAsserted(() -> {
                        assertThat(watch.watched()).isZero();
                        assertThat(held(meters)).isZero();
                        assertThat(events).hasAtLeastOneElementOfType(LockLostEvent.class);
                    });
                    events.clear();
                    source.start();

                    try (LockLease lease = locks.acquire(LockOptions.named("report"))) {
                        assertThat(lease.isHeld()).isTrue();
                        assertThat(watch.watched()).isOne();
                        Awaitility.await()
                                .untilAsserted(() -> assertThat(held(meters)).isOne());
                        Awaitility.await()
                                .untilAsserted(
                                        () -> assertThat(events).hasAtLeastOneElementOfType(LockAcquiredEvent.class));
                    }
                    before.close();
                });
    }

    private static double held(MeterRegistry meters) {
        return meters.get("distributed.lock.held").gauge().value();
    }

    /** Takes a lock when it is stopped. */
    private static final class Stopping implements SmartLifecycle {

        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        private final int phase;

        private LockOperations locks;

        private boolean running;

        Stopping(int phase) {
            this.phase = phase;
        }

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
            try {
                this.locks.acquire(LockOptions.named("last")).close();
            } catch (RuntimeException ex) {
                this.failure.set(ex);
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
    }
}
