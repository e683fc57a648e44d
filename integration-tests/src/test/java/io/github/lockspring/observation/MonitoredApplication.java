package io.github.lockspring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.store.RenewOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** An application with a registry of Prometheus, whose calls and holds come to every end that there is. */
final class MonitoredApplication {

    static final int KEY = 4711;

    private static final LockOptions ORDER =
            LockOptions.named("order").key(KEY).waitTime(Duration.ZERO).leaseTime(Duration.ofSeconds(1));

    private final LockOperations locks;

    private final LockEngine engine;

    private final BreakableStore store;

    private final LockedWork work;

    private final MeterRegistry meters;

    private final PrometheusMeterRegistry prometheus;

    MonitoredApplication(ApplicationContext context) {
        this.locks = context.getBean(LockOperations.class);
        this.engine = context.getBean(LockEngine.class);
        this.store = context.getBean(BreakableStore.class);
        this.work = context.getBean(LockedWork.class);
        this.meters = context.getBean(MeterRegistry.class);
        this.prometheus = context.getBean(PrometheusMeterRegistry.class);
    }

    static ApplicationContextRunner in(ApplicationContextRunner runner) {
        return runner.withBean(BreakableStore.class)
                .withBean(LockedWork.class)
                .withPropertyValues("distributed-lock.hand-over-after=1m");
    }

    /** As Prometheus reads it. */
    String scrape() {
        return this.prometheus.scrape();
    }

    void comesToEveryEnd() {
        isContendedSkippedAndInterrupted();
        handsOffAndOver();
        renewsAndLoses();
        this.store.refuses(true);
        assertThatThrownBy(() -> this.locks.acquire(ORDER)).isInstanceOf(LockStoreException.class);
        this.store.refuses(false);
        this.locks.acquire(ORDER.waitTime(Duration.ofSeconds(30))).close();
        this.engine.close();
        assertThatThrownBy(() -> this.locks.acquire(ORDER)).isInstanceOf(LockShutdownException.class);
    }

    private void isContendedSkippedAndInterrupted() {
        try (DefaultLockEngine other = otherProcess()) {
            LockLease held = new LockTemplate(other, LockSettings.DEFAULTS).acquire(ORDER);
            assertThatThrownBy(() -> this.locks.acquire(ORDER)).isInstanceOf(LockNotAcquiredException.class);
            assertThat(this.work.ship(KEY)).isEmpty();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> this.locks.acquire(ORDER.waitTime(Duration.ofSeconds(30))))
                    .isInstanceOf(LockInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            held.close();
        }
    }

    private void handsOffAndOver() {
        LockOptions patient = ORDER.waitTime(Duration.ofSeconds(30)).leaseTime(Duration.ofSeconds(30));
        LockLease first = this.locks.acquire(patient);
        CompletionStage<LockLease> second = this.locks.acquireAsync(patient);
        first.close();
        LockLease passedOn = second.toCompletableFuture().join();
        try (DefaultLockEngine other = otherProcess()) {
            CompletionStage<LockLease> third = new LockTemplate(other, LockSettings.DEFAULTS).acquireAsync(patient);
            await().until(() -> other.snapshot().waiting().size() == 1);
            passedOn.close();
            third.toCompletableFuture().join().close();
        }
    }

    private void renewsAndLoses() {
        this.store.failsNextRenewal();
        LockLease lease = this.locks.acquire(ORDER);
        await().until(() -> renewals() > 0);
        this.store.renewals(() -> RenewOutcome.NOT_OWNER);
        await().until(lease::isLost);
        lease.close();
        this.store.renewals(null);
    }

    private long renewals() {
        return this.meters.find("distributed.lock.renewal.delay").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private DefaultLockEngine otherProcess() {
        return new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "other",
                        Duration.ofMillis(10),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        ReleaseWait.SYNC,
                        Runnable::run));
    }
}
