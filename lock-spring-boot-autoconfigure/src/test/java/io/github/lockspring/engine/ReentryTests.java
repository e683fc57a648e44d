package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever runs inside a hold re-enters it; nobody else does. */
class ReentryTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    @AfterEach
    void leavesNoLeaseBehindOnTheThread() {
        assertThat(LockContext.current()).isEmpty();
    }

    @Test
    void reentersWithoutTheStoreAndWithTheSameToken() {
        try (LockLease outer = acquired()) {
            try (LockLease inner = this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO))) {
                assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
                assertThat(LockContext.current()).containsSame(inner);
            }
            assertThat(outer.isHeld()).isTrue();
            assertThat(LockContext.current()).containsSame(outer);
            this.store.expectNothing();
        }
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    @Test
    void entersNoHoldThatIsHiddenFromIt() {
        LockLease outer = acquired();
        try (LockContext.Scope isolation = LockContext.isolate()) {
            assertThatThrownBy(() -> this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO)))
                    .isInstanceOf(LockNotAcquiredException.class);
            assertThat(isolation).isNotNull();
        }
        this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO)).close();
        outer.close();
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    /** The one worker of a pool joins a task inside its hold, and runs that task meanwhile. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTaskThatAWorkerRunsWhileItJoinsEntersItsHoldUnlessIsolated(boolean isolated) {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            AtomicBoolean entered = new AtomicBoolean();
            CompletableFuture<Void> outer = CompletableFuture.runAsync(
                    () -> {
                        LockLease lease = acquired();
                        ForkJoinTask<?> other = ForkJoinTask.adapt(() -> entered.set(canEnter(isolated)));
                        other.fork();
                        other.join();
                        lease.close();
                    },
                    pool);
            assertThat(outer).succeedsWithin(Duration.ofSeconds(10));
            assertThat(entered.get()).isEqualTo(!isolated);
            this.store.free().freed();
            this.fixture.expectNoTrace();
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean canEnter(boolean isolated) {
        try (LockContext.Scope isolation = isolated ? LockContext.isolate() : null;
                LockLease lease = this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO))) {
            return lease.isHeld() && isolated == (isolation != null);
        } catch (LockNotAcquiredException ex) {
            return false;
        }
    }

    @Test
    void theLockIsHeldUntilTheLastLeaseIsClosed() {
        LockLease outer = acquired();
        LockLease inner = this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO));
        outer.close();
        assertThat(outer.isHeld()).isFalse();
        assertThat(inner.isHeld()).isTrue();
        this.store.expectNothing();
        inner.close();
        this.store.free();
    }

    @ParameterizedTest
    @ValueSource(longs = {200, 2_000})
    void aClockThatStepsDoesNotHaveANestedCallWaitForItself(long millis) {
        try (LockLease outer = acquired()) {
            this.fixture.clock.suspend(Duration.ofMillis(millis));
            try (LockLease inner = this.fixture.engine.acquire(EngineFixture.request(LockDurations.FOREVER))) {
                assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
            }
            assertThat(outer.isHeld()).isTrue();
            this.store.expectNothing();
        }
        this.store.free().freed();
    }

    @Test
    void aNestedCallOfADoubtfulHoldWaitsForTheDecision() {
        try (LockLease outer = acquired()) {
            this.fixture.clock.suspend(Duration.ofMinutes(1));
            CompletableFuture<Void> answer =
                    CompletableFuture.runAsync(() -> this.store.renew().renewed());
            try (LockLease inner = this.fixture.engine.acquire(EngineFixture.request(LockDurations.FOREVER))) {
                assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
            }
            assertThat(answer).succeedsWithin(Duration.ofSeconds(5));
            outer.ensureHeld();
        }
        this.store.free().freed();
    }

    /** It would wait for its own thread otherwise. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anInterruptDoesNotHaveANestedUninterruptibleCallWaitForItself() {
        try (LockLease outer = acquired()) {
            this.fixture.clock.suspend(Duration.ofMinutes(1));
            Thread.currentThread().interrupt();
            CompletableFuture<Void> answer =
                    CompletableFuture.runAsync(() -> this.store.renew().renewed());
            try (LockLease inner =
                    this.fixture.engine.acquireUninterruptibly(EngineFixture.request(LockDurations.FOREVER))) {
                assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
            }
            assertThat(Thread.interrupted()).isTrue();
            assertThat(answer).succeedsWithin(Duration.ofSeconds(5));
        }
        this.store.free().freed();
    }

    @Test
    void aNestedCallOfAHoldThatTurnsOutToBeLostAcquiresTheLock() {
        LockLease outer = acquired();
        this.fixture.clock.suspend(Duration.ofMinutes(1));
        CompletableFuture<Void> answers = CompletableFuture.runAsync(() -> {
            this.store.renew().notOwner();
            this.store.acquire().acquired(2);
        });
        try (LockLease inner = this.fixture.engine.acquire(EngineFixture.request(LockDurations.FOREVER))) {
            assertThat(inner.fencingToken()).isGreaterThan(outer.fencingToken());
            assertThat(outer.isLost()).isTrue();
        }
        assertThat(answers).succeedsWithin(Duration.ofSeconds(5));
        this.store.free().freed();
        outer.close();
    }

    @Test
    void aClosedLeaseSaysSo() {
        LockLease lease = acquired();
        lease.close();
        this.store.free();
        assertThatThrownBy(lease::ensureHeld)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'lock'");
    }

    @Test
    void anotherThreadDoesNotReenter() {
        try (LockLease outer = acquired()) {
            CompletableFuture<Throwable> other = CompletableFuture.supplyAsync(() -> {
                try {
                    this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO));
                    return null;
                } catch (RuntimeException ex) {
                    return ex;
                }
            });
            assertThat(other).succeedsWithin(Duration.ofSeconds(5)).isNotNull();
            assertThat(outer.isHeld()).isTrue();
        }
        this.store.free();
    }

    @Test
    void anAsynchronousCallReentersOnlyWhatItIsTold() {
        LockLease outer = this.fixture.held();
        LockRequest plain = EngineFixture.request(Duration.ZERO);
        assertThat(this.fixture.ask(plain)).isCompletedExceptionally();
        LockRequest within = new LockRequest(plain.name(), Duration.ZERO, EngineFixture.LEASE, true, false, outer);
        CompletableFuture<LockLease> inner = this.fixture.ask(within);
        assertThat(EngineFixture.now(inner).fencingToken()).isEqualTo(outer.fencingToken());
        LockRequest other =
                new LockRequest(LockName.of("other"), Duration.ZERO, EngineFixture.LEASE, true, false, outer);
        this.fixture.ask(other);
        assertThat(this.store.acquire().request().tenure().fullName()).isEqualTo("other");
    }

    @Test
    void aLostHoldIsNotReentered() {
        LockLease outer = acquired();
        this.fixture.clock.advanceMillis(10_000);
        this.store.renew().notOwner();
        CallingThread other = this.fixture.call(EngineFixture.request(Duration.ofSeconds(60)));
        this.store.acquire().acquired(2);
        assertThat(other.lease().fencingToken()).isEqualTo(2 * 2048);
        assertThatThrownBy(() -> this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO)))
                .isInstanceOf(LockNotAcquiredException.class);
        outer.close();
        assertThat(other.lease().isHeld()).isTrue();
    }

    @Test
    void anotherEngineDoesNotReenter() {
        EngineFixture another = new EngineFixture();
        another.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(7);
            }
        });
        try (LockLease outer = acquired();
                LockLease inner = another.engine.acquire(EngineFixture.request(Duration.ZERO))) {
            assertThat(inner.fencingToken()).isNotEqualTo(outer.fencingToken());
        }
        this.store.free();
    }

    @Test
    void tellsWhoHolds() {
        LockHolder holder = new LockHolder("app@host:1:r:1", Duration.ofSeconds(3));
        this.store.answerHolder(CompletableFuture.completedFuture(Optional.of(holder)));
        assertThat(this.fixture.engine.holder(LockName.of("lock"))).contains(holder);
        this.store.answerHolder(CompletableFuture.failedFuture(new IllegalStateException("down")));
        assertThatThrownBy(() -> this.fixture.engine.holder(LockName.of("lock")))
                .isInstanceOf(LockStoreException.class)
                .hasMessageContaining("'lock'")
                .hasMessageContaining("down");
    }

    @Test
    void aHoldMarkedLostByTheShutdownIsNotReentered() {
        LockLease outer = acquired();
        this.fixture.engine.close();
        assertThatThrownBy(() -> this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO)))
                .isInstanceOf(LockShutdownException.class);
        outer.close();
    }

    private LockLease acquired() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            }
        });
        LockLease lease = this.fixture.engine.acquire(EngineFixture.request(Duration.ofSeconds(1)));
        this.store.answerAtOnce(command -> {});
        this.store.acquire();
        return lease;
    }

    @Test
    void anAsynchronousCallWithinADoubtfulHoldBlocksNoThread() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().acquired(1);
        LockLease outer = EngineFixture.now(asked);
        this.fixture.clock.suspend(Duration.ofMinutes(1));
        LockRequest within =
                new LockRequest(LockName.of("lock"), Duration.ZERO, EngineFixture.LEASE, true, false, outer);
        CompletableFuture<LockLease> inner = this.fixture.ask(within);
        assertThat(inner).isNotDone();
        this.store.renew().renewed();
        assertThat(EngineFixture.now(inner).fencingToken()).isEqualTo(outer.fencingToken());
        inner.join().close();
        outer.close();
        this.store.free().freed();
    }

    @Test
    void anAsynchronousCallThatIsGivenUpWhileItsHoldIsInDoubtKeepsNoLock() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().acquired(1);
        LockLease outer = EngineFixture.now(asked);
        this.fixture.clock.suspend(Duration.ofMinutes(1));
        LockRequest within =
                new LockRequest(LockName.of("lock"), Duration.ofHours(1), EngineFixture.LEASE, true, false, outer);
        CompletableFuture<LockLease> inner = this.fixture.ask(within);
        inner.cancel(false);
        this.store.renew().notOwner();
        this.store.acquire().acquired(2);
        this.store.free().freed();
        outer.close();
        this.fixture.expectNoTrace();
    }

    @Test
    void aQueueThatAnErrorKeptFromGoingIsReplaced() {
        LockLease first = this.fixture.held();
        LocalQueue queue = this.fixture.engine.queues.get("lock");
        first.close();
        this.store.free().freed();
        this.fixture.engine.queues.put("lock", queue);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().acquired(2);
        assertThat(asked).isCompleted();
    }
}
