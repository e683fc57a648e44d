package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.InTransaction;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.OnLost;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.StoreCapability;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An engine over a scripted store and a fake clock, and the ways in which tests call it. */
final class EngineFixture {

    static final Set<StoreCapability> FULL =
            Set.of(StoreCapability.QUEUE, StoreCapability.KEEP, StoreCapability.EXPIRE);

    /** Runs callbacks at once, on the thread of the test. */
    static final Executor INLINE = Runnable::run;

    static final Duration LEASE = Duration.ofSeconds(30);

    static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    final FakeClock clock = new FakeClock();

    final ScriptedStore store;

    final DefaultLockEngine engine;

    EngineFixture() {
        this(FULL, ReleaseWait.ASYNC, INLINE);
    }

    EngineFixture(Set<StoreCapability> capabilities, ReleaseWait release, Executor callbackExecutor) {
        this(capabilities, Duration.ofMillis(10), release, callbackExecutor, null);
    }

    EngineFixture(Duration handOverAfter) {
        this(FULL, handOverAfter, ReleaseWait.ASYNC, INLINE, null);
    }

    EngineFixture(LockMonitor monitor) {
        this(FULL, Duration.ofMillis(10), ReleaseWait.ASYNC, INLINE, monitor);
    }

    private EngineFixture(
            Set<StoreCapability> capabilities,
            Duration handOverAfter,
            ReleaseWait release,
            Executor callbackExecutor,
            @Nullable LockMonitor monitor) {
        this.store = new ScriptedStore(capabilities);
        this.engine = new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "tests", handOverAfter, COMMAND_TIMEOUT, Duration.ofSeconds(1), release, callbackExecutor),
                this.clock,
                new EngineMonitor(monitor, new MonitorFailures(this.clock::nanoTime)),
                () -> callbackExecutor == INLINE || callbackExecutor instanceof DeferringExecutor
                        ? INLINE
                        : DaemonThreads.pool("callback", 1, Integer.MAX_VALUE));
    }

    /** An engine for which time stands still, and whose callbacks run at once. */
    static DefaultLockEngine still(LockStore store, Duration handOverAfter) {
        return still(store, handOverAfter, new StillClock());
    }

    static DefaultLockEngine still(LockStore store, Duration handOverAfter, StillClock clock) {
        return engine(store, handOverAfter, clock);
    }

    /** An engine whose callbacks run at once. */
    static DefaultLockEngine engine(LockStore store, Duration handOverAfter, EngineClock clock) {
        return new DefaultLockEngine(store, settings(handOverAfter, INLINE), clock, EngineMonitor.NONE, () -> INLINE);
    }

    /** Settings of an engine whose releases nobody waits for. */
    static EngineSettings settings(Duration handOverAfter, Executor callbackExecutor) {
        return new EngineSettings(
                "tests", handOverAfter, COMMAND_TIMEOUT, Duration.ofSeconds(1), ReleaseWait.ASYNC, callbackExecutor);
    }

    static LockRequest request(Duration waitTime) {
        return request("lock", waitTime);
    }

    static LockRequest request(String name, Duration waitTime) {
        return new LockRequest(LockName.of(name), waitTime, LEASE, true, false, null);
    }

    /** What must not enter the lock again that is held already. */
    static LockRequest notReentrant(Duration waitTime, LockLease outer) {
        return new LockRequest(
                LockName.of("lock"),
                waitTime,
                LEASE,
                true,
                Duration.ZERO,
                LockDurations.FOREVER,
                false,
                false,
                OnLost.THROW,
                InTransaction.DEFER,
                outer);
    }

    static LockRequest lease(LockRequest request, Duration lease, boolean renew) {
        return new LockRequest(request.name(), request.waitTime(), lease, renew, request.fair(), request.within());
    }

    /** Asks without blocking, waiting up to ten seconds. */
    CompletableFuture<LockLease> ask() {
        return ask(Duration.ofSeconds(10));
    }

    CompletableFuture<LockLease> ask(Duration waitTime) {
        return ask(request(waitTime));
    }

    CompletableFuture<LockLease> ask(LockRequest request) {
        return this.engine.acquireAsync(request).toCompletableFuture();
    }

    /** Has a thread of its own call. */
    CallingThread call(LockRequest request) {
        return CallingThread.start(this, request);
    }

    /** Takes the free lock with number 1. */
    LockLease held() {
        CompletableFuture<LockLease> asked = ask();
        this.store.acquire().acquired(1);
        return now(asked);
    }

    /** Takes the free lock with number 1 and given lease. */
    LockLease held(Duration lease, boolean renew) {
        CompletableFuture<LockLease> asked = ask(lease(request(Duration.ofSeconds(10)), lease, renew));
        this.store.acquire().acquired(1);
        return now(asked);
    }

    LockLease held(LockRequest request) {
        CompletableFuture<LockLease> asked = ask(request);
        this.store.acquire().acquired(1);
        return now(asked);
    }

    static LockLease now(CompletableFuture<LockLease> asked) {
        assertThat(asked).isCompleted();
        return asked.join();
    }

    /** The refusal of a call that has ended by now. */
    static Throwable refusal(CompletableFuture<LockLease> asked) {
        assertThat(asked).isCompletedExceptionally();
        return asked.handle((lease, failure) -> failure).join();
    }

    /** Nobody has the lock of a store or waits for it, nor is anything left in its engines. */
    static void expectNoTrace(PlainStore store, DefaultLockEngine... engines) {
        if (!store.isAbandoned()) {
            throw new IllegalStateException("Somebody has the lock, or waits for it: " + store);
        }
        for (DefaultLockEngine engine : engines) {
            if (!engine.tenures.isEmpty() || !engine.queues.isEmpty()) {
                throw new IllegalStateException("Left: " + engine.tenures.all() + ", " + engine.queues);
            }
        }
    }

    /** No command is under way, nobody waits, no lock is held, in memory neither, once other threads have ended. */
    void expectNoTrace() {
        this.store.expectNothing();
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).untilAsserted(() -> {
            assertThat(this.engine.tenures.all()).isEmpty();
            assertThat(this.engine.queues).isEmpty();
        });
    }

    /** Nor is there anything that time would bring. */
    void expectNoTraceEver() {
        expectNoTrace();
        assertThat(this.engine.tenures.leaves().settled()).isCompleted();
        this.clock.advance(Duration.ofMinutes(1));
        expectNoTrace();
        assertThat(this.clock.timers()).as("timers").isZero();
    }
}
