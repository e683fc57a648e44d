package io.github.lockspring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.store.RenewOutcome;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted and timed, of real engines and of what these may tell in any order. */
class LockMetricsTests {

    private final MockClock clock = new MockClock();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, this.clock);

    private final List<DefaultLockEngine> engines = new ArrayList<>();

    private final LockMetrics metrics = new LockMetrics(() -> this.engines, new BoundedNames(3), this.clock);

    private final BreakableStore store = new BreakableStore();

    private final DefaultLockEngine engine = Engines.over(this.store, this.metrics, Runnable::run);

    LockMetricsTests() {
        this.metrics.bindTo(this.registry);
        this.engines.add(this.engine);
    }

    @AfterEach
    void close() {
        this.engines.forEach(DefaultLockEngine::close);
    }

    @Test
    void callsAndHoldsAreTimed() {
        LockMonitor.Call call = this.metrics.begin(Engines.order(1));
        this.clock.add(Duration.ofMillis(30));
        call.acquired(7, false);
        this.clock.add(Duration.ofMillis(400));
        call.released();
        assertTimed("acquire", "acquired", 1, 30);
        assertTimed("hold", "released", 1, 400);
    }

    @Test
    void callsThatAreRefusedAreTimedByOutcome() {
        LockMonitor.Call call = this.metrics.begin(Engines.order(1));
        this.clock.add(Duration.ofMillis(30));
        call.refused(new LockNotAcquiredException(LockName.of("order"), Duration.ZERO, null));
        assertTimed("acquire", "contended", 1, 30);
        this.metrics.begin(Engines.order(1)).refused(new StackOverflowError());
        assertTimed("acquire", "error", 1, 0);
    }

    @Test
    void aHoldThatIsLostIsTimed() {
        LockMonitor.Call call = this.metrics.begin(Engines.order(1));
        call.acquired(7, false);
        this.clock.add(Duration.ofMillis(400));
        call.lost(loss());
        call.released();
        assertTimed("hold", "lost", 1, 400);
        assertTimed("hold", "released", 0, 0);
    }

    @Test
    void anEndThatIsToldBeforeTheBeginningIsCountedThere() {
        LockMonitor.Call call = this.metrics.begin(Engines.order(1));
        call.lost(loss());
        assertThat(timers("hold", "lost")).isZero();
        call.acquired(7, false);
        assertTimed("hold", "lost", 1, 0);
    }

    @Test
    void aHoldThatItsCallerDidNotGetIsNotCounted() {
        LockMonitor.Call call = this.metrics.begin(Engines.order(1));
        call.released();
        call.refused(new LockStoreException("of the test", null, LockStoreException.Outcome.NOT_EXECUTED));
        call.released();
        assertTimed("acquire", "store-failure", 1, 0);
        assertTimed("hold", "released", 0, 0);
    }

    private static LeaseLostException loss() {
        return new LeaseLostException(LockName.of("order"), 7, "of the test");
    }

    private long timers(String meter, String outcome) {
        return this.registry.find("distributed.lock." + meter).tag("outcome", outcome).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private void assertTimed(String meter, String outcome, int count, int millis) {
        Timer timer = this.registry
                .get("distributed.lock." + meter)
                .tags("lock.name", "order", "outcome", outcome)
                .timer();
        assertThat(timer.count()).as("%s %s", meter, outcome).isEqualTo(count);
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(millis);
    }

    @Test
    void anEngineIsCountedWithAllThatBecomesOfItsCalls() {
        LockLease first = this.engine.acquire(Engines.order(1));
        CompletableFuture<LockLease> second = this.engine
                .acquireAsync(Engines.order(1, Duration.ofSeconds(30)))
                .toCompletableFuture();
        assertThat(gauge("held")).isEqualTo(1);
        assertThat(gauge("waiting")).isEqualTo(1);
        first.close();
        second.join().close();
        this.clock.add(Duration.ofSeconds(1));
        assertThat(gauge("held")).isZero();
        assertThat(gauge("waiting")).isZero();
        assertThat(count("contended")).isEqualTo(1);
        assertThat(count("handoffs")).isEqualTo(1);
        assertThat(timers("acquire", "acquired")).isEqualTo(2);
        assertThat(timers("hold", "released")).isEqualTo(2);
        this.store.refuses(true);
        assertThatThrownBy(() -> this.engine.acquire(Engines.order(1))).isInstanceOf(LockStoreException.class);
        assertThat(timers("acquire", "store-failure")).isEqualTo(1);
        this.engine.close();
        assertThatThrownBy(() -> this.engine.acquire(Engines.order(1))).isInstanceOf(LockShutdownException.class);
        assertThat(timers("acquire", "shutdown")).isEqualTo(1);
    }

    @Test
    void aHandOverIsCounted() {
        DefaultLockEngine other = Engines.over(this.store, request -> null, Runnable::run);
        this.engines.add(other);
        LockLease first = this.engine.acquire(Engines.order(1));
        CompletableFuture<LockLease> second =
                other.acquireAsync(Engines.order(1, Duration.ofSeconds(30))).toCompletableFuture();
        await().until(() -> isQueued(first));
        first.close();
        second.join().close();
        assertThat(count("handovers")).isEqualTo(1);
        assertThat(count("handoffs")).isZero();
    }

    /** The gauges count both engines. */
    private boolean isQueued(LockLease lease) {
        this.clock.add(Duration.ofSeconds(1));
        return lease.isHeld() && gauge("waiting") == 1;
    }

    @Test
    void renewalsAndTheirFailuresAreCounted() {
        this.store.failsNextRenewal();
        LockLease lease =
                this.engine.acquire(Engines.request(LockName.of("order", 1), Duration.ZERO, Duration.ofSeconds(1)));
        await().untilAsserted(() -> assertThat(this.registry
                        .get("distributed.lock.renewal.delay")
                        .tag("lock.name", "order")
                        .timer()
                        .count())
                .isPositive());
        assertThat(count("renewal.failures")).isEqualTo(1);
        this.store.renewals(() -> RenewOutcome.NOT_OWNER);
        await().untilAsserted(() -> assertThat(timers("hold", "lost")).isEqualTo(1));
        lease.close();
    }

    @Test
    void workThatIsLeftOutIsCountedAsSkipped() {
        LockTemplate template = new LockTemplate(this.engine, LockSettings.DEFAULTS);
        LockOptions order = LockOptions.named("order").key(1).waitTime(Duration.ZERO);
        LockLease held =
                Engines.over(this.store, request -> null, Runnable::run).acquire(Engines.order(1));
        assertThat(template.tryRun(order, () -> {})).isFalse();
        assertThat(template.tryExecute(order, lease -> "done")).isEmpty();
        assertThat(template.tryAcquire(order)).isEmpty();
        held.close();
        assertThat(template.tryRun(order, () -> {})).isTrue();
        assertThat(count("skipped")).isEqualTo(2);
        assertThat(timers("acquire", "contended")).isEqualTo(3);
    }

    @Test
    void seriesDoNotGrowWithKeys() {
        this.engine.acquire(Engines.order(0)).close();
        int before = this.registry.getMeters().size();
        for (int key = 1; key <= 10_000; key++) {
            this.engine.acquire(Engines.order(key)).close();
        }
        assertThat(timers("hold", "released")).isEqualTo(10_001);
        assertThat(this.registry.getMeters()).hasSize(before);
    }

    @Test
    void seriesDoNotGrowWithNamesBeyondTheLimit() {
        for (int i = 0; i < 4; i++) {
            acquireAndRelease("order-" + i);
        }
        int before = this.registry.getMeters().size();
        for (int i = 4; i < 10_000; i++) {
            acquireAndRelease("order-" + i);
        }
        assertThat(this.registry.getMeters()).hasSize(before);
        assertThat(this.registry
                        .get("distributed.lock.hold")
                        .tags("lock.name", "other", "outcome", "released")
                        .timer()
                        .count())
                .isEqualTo(9_997);
    }

    private void acquireAndRelease(String name) {
        this.engine
                .acquire(Engines.request(LockName.of(name), Duration.ZERO, Duration.ofSeconds(30)))
                .close();
    }

    @Test
    void whatAlertsReferToIsThereFromTheFirstCallOn() {
        this.metrics.begin(Engines.order(1)).contended(null);
        assertThat(this.registry.getMeters())
                .extracting(Meter::getId)
                .extracting(id -> id.getName() + " " + id.getTag("outcome"))
                .contains(
                        "distributed.lock.acquire store-failure",
                        "distributed.lock.hold lost",
                        "distributed.lock.renewal.failures null",
                        "distributed.lock.skipped null")
                .doesNotContain("distributed.lock.acquire error");
    }

    @Test
    void eachRegistryIsCountedOnceHoweverOftenItIsBound() {
        SimpleMeterRegistry second = new SimpleMeterRegistry();
        this.metrics.bindTo(second);
        this.metrics.bindTo(this.registry);
        this.engine.acquire(Engines.order(1)).close();
        assertThat(timers("hold", "released")).isEqualTo(1);
        assertThat(second.get("distributed.lock.hold")
                        .tag("outcome", "released")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void gaugesOfTheNextContextAreItsOwn() {
        this.engine.acquire(Engines.order(1)).close();
        this.metrics.close();
        List<DefaultLockEngine> next = new ArrayList<>();
        LockMetrics metricsOfNext = new LockMetrics(() -> next, new BoundedNames(3), this.clock);
        metricsOfNext.bindTo(this.registry);
        DefaultLockEngine engineOfNext = Engines.over(new BreakableStore(), metricsOfNext, Runnable::run);
        this.engines.add(engineOfNext);
        next.add(engineOfNext);

        LockLease lease = engineOfNext.acquire(Engines.order(1));
        this.engine.acquire(Engines.order(2)).close();

        assertThat(gauge("held")).isEqualTo(1);
        assertThat(timers("hold", "released")).isEqualTo(1);
        lease.close();
        assertThat(timers("hold", "released")).isEqualTo(2);
    }

    @Test
    void namesThatComeAtTheSameMomentTakeOnePlaceEach() throws InterruptedException {
        for (int round = 0; round < 500; round++) {
            BoundedNames names = new BoundedNames(1);
            List<String> results = Collections.synchronizedList(new ArrayList<>());
            CyclicBarrier start = new CyclicBarrier(3);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException | BrokenBarrierException ex) {
                        throw new IllegalStateException(ex);
                    }
                    results.add(names.bound("order"));
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(results).hasSize(3).containsOnly("order");
            assertThat(names.bound("stock")).isEqualTo("other");
        }
    }

    @Test
    void aLimitIsPositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BoundedNames(0));
    }

    private double gauge(String meter) {
        return this.registry
                .get("distributed.lock." + meter)
                .tag("lock.name", "order")
                .gauge()
                .value();
    }

    private double count(String meter) {
        return this.registry
                .get("distributed.lock." + meter)
                .tag("lock.name", "order")
                .counter()
                .count();
    }
}
