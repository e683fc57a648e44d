package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where code of the application runs. */
class CallbackTests {

    @Test
    void completesStagesOnTheGivenExecutorOnlyAndTellsOfLossesWhateverItDoes() {
        DeferringExecutor executor = new DeferringExecutor();
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<LockLease> asked = fixture.ask();
        fixture.store.acquire().acquired(1);
        assertThat(asked).isNotDone();
        executor.runAll();
        assertThat(asked).isCompleted();

        AtomicInteger calls = new AtomicInteger();
        asked.join().onLost(calls::incrementAndGet);
        fixture.clock.advanceMillis(10_000);
        fixture.store.renew().notOwner();
        await().untilAtomic(calls, equalTo(1));
    }

    /** A hold that is re-entered often would collect them. */
    @Test
    void listenersOfClosedLeasesAreForgotten() {
        EngineFixture fixture = new EngineFixture();
        LockLease outer = fixture.held();
        List<WeakReference<AtomicInteger>> listeners = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            AtomicInteger calls = new AtomicInteger();
            listeners.add(new WeakReference<>(calls));
            LockLease inner = reentered(fixture, outer);
            inner.onLost(calls::incrementAndGet);
            inner.close();
        }
        AtomicInteger calls = new AtomicInteger();
        reentered(fixture, outer).onLost(calls::incrementAndGet);
        outer.onLost(calls::incrementAndGet);

        await().untilAsserted(() -> {
            System.gc();
            assertThat(listeners).allMatch(listener -> listener.refersTo(null));
        });
        fixture.clock.advanceMillis(10_000);
        fixture.store.renew().notOwner();
        assertThat(calls).hasValue(2);
    }

    private static LockLease reentered(EngineFixture fixture, LockLease outer) {
        return EngineFixture.now(fixture.ask(
                new LockRequest(LockName.of("lock"), Duration.ZERO, EngineFixture.LEASE, true, false, outer)));
    }

    @Test
    void runsOnAThreadOfTheEngineWhenTheExecutorRefuses() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<Thread> ranOn = new CompletableFuture<>();
        CompletableFuture<LockLease> asked = fixture.ask();
        CompletableFuture<Void> unused = asked.thenRun(() -> ranOn.complete(Thread.currentThread()));
        fixture.store.acquire().acquired(1);

        assertThat(ranOn)
                .succeedsWithin(Duration.ofSeconds(5))
                .isNotSameAs(Thread.currentThread())
                .satisfies(thread -> assertThat(thread.isDaemon()).isTrue());
    }

    @Test
    void runsOnAThreadOfTheEngineWhenTheExecutorGetsNoThread() {
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        CompletableFuture<LockLease> asked = fixture.ask();
        fixture.store.acquire().acquired(1);
        assertThat(asked).succeedsWithin(Duration.ofSeconds(5));
    }

    /** As the caller-runs policy of a full executor does. */
    @Test
    void leavesTheThreadOfTheStoreThoughTheExecutorRunsOnIt() {
        Executor callerRuns = Runnable::run;
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, callerRuns);
        CompletableFuture<Thread> ranOn = new CompletableFuture<>();
        CompletableFuture<LockLease> asked = fixture.ask();
        CompletableFuture<Void> unused = asked.thenRun(() -> ranOn.complete(Thread.currentThread()));
        fixture.store.acquire().acquired(1);
        assertThat(ranOn).succeedsWithin(Duration.ofSeconds(5)).isNotSameAs(Thread.currentThread());
        CompletableFuture<Thread> toldOn = new CompletableFuture<>();
        asked.join().onLost(() -> toldOn.complete(Thread.currentThread()));
        fixture.clock.advanceMillis(10_000);
        fixture.store.renew().notOwner();
        assertThat(toldOn).succeedsWithin(Duration.ofSeconds(5)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void tellsOfALossThoughEveryThreadOfTheExecutorIsBlocked() {
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, new DeferringExecutor());
        fixture.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            }
        });
        LockLease lease = fixture.engine.acquire(EngineFixture.request(Duration.ZERO));
        fixture.store.acquire();
        CompletableFuture<Void> told = new CompletableFuture<>();
        lease.onLost(() -> told.complete(null));
        fixture.clock.advanceMillis(10_000);
        fixture.store.renew().notOwner();
        assertThat(told).succeedsWithin(Duration.ofSeconds(5));
        lease.close();
    }

    @Test
    void aStageThatIsNotCompletedInTimeGivesItsHoldBack() {
        DeferringExecutor executor = new DeferringExecutor();
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<LockLease> asked = fixture.ask();
        fixture.store.acquire().acquired(1);
        fixture.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusSeconds(1));
        fixture.store.free().freed();
        executor.runAll();
        assertThat(EngineFixture.refusal(asked))
                .isInstanceOf(LockStoreException.class)
                .hasMessageContaining("'lock'")
                .hasMessageContaining("2000 ms");
        fixture.expectNoTraceEver();
    }

    @Test
    void aStageThatIsCompletedInTimeKeepsItsHold() {
        DeferringExecutor executor = new DeferringExecutor();
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<LockLease> asked = fixture.ask();
        fixture.store.acquire().acquired(1);
        fixture.clock.advanceMillis(1_500);
        executor.runAll();
        fixture.clock.advance(EngineFixture.COMMAND_TIMEOUT.multipliedBy(3));
        assertThat(EngineFixture.now(asked).isHeld()).isTrue();
        fixture.store.expectNothing();
    }

    @Test
    void aFailingListenerHurtsNobodyElse() {
        EngineFixture fixture = new EngineFixture();
        LockLease lease = fixture.held();
        AtomicInteger calls = new AtomicInteger();
        lease.onLost(() -> {
            throw new IllegalStateException("of the application");
        });
        lease.onLost(calls::incrementAndGet);
        CompletableFuture<LockLease> waiting = fixture.ask(Duration.ofMinutes(1));
        fixture.clock.advanceMillis(10_000);
        fixture.store.renew().notOwner();
        assertThat(calls).hasValue(1);
        fixture.store.acquire().acquired(2);
        assertThat(waiting).isCompleted();
    }

    @Test
    void mayUseTheSameLockAgain() {
        EngineFixture fixture = new EngineFixture();
        LockLease lease = fixture.held();
        CompletableFuture<LockLease> waiting = fixture.ask();
        CompletableFuture<Void> unused = waiting.thenAccept(LockLease::close);
        CompletableFuture<LockLease> last = fixture.ask();
        lease.close();
        assertThat(last).isCompleted();
    }

    @Test
    void tellsOfALossThoughStagesBlockTheThreadsThatRunThemInstead() throws InterruptedException {
        EngineFixture fixture = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, Runnable::run);
        CompletableFuture<LockLease> mine = fixture.ask();
        fixture.store.acquire().acquired(1);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        assertThat(mine).succeedsWithin(Duration.ofSeconds(5)).satisfies(lease -> lease.onLost(told::countDown));
        CompletableFuture<Void> blocked = fixture.ask(EngineFixture.request("other", Duration.ZERO))
                .thenAccept(lease -> {
                    begun.countDown();
                    awaitUninterruptibly(end);
                });
        fixture.store.acquire().acquired(1);
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        fixture.clock.advanceMillis(10_000);
        StoreCommand.Renew renewals = fixture.store.renew();
        renewals.notOwner();
        assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(blocked).isNotDone();
        end.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** As an executor of Spring's with a limit of concurrency does. */
    @Test
    void anExecutorThatBlocksKeepsNoThreadOfTheStore() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        EngineFixture blocked = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, task -> {
            try {
                done.await();
            } catch (InterruptedException ex) {
                throw new IllegalStateException(ex);
            }
            task.run();
        });
        CompletableFuture<LockLease> asked = blocked.ask(Duration.ZERO);
        StoreCommand.Acquire question = blocked.store.acquire();
        CompletableFuture<Void> storeThread = CompletableFuture.runAsync(() -> question.acquired(1));
        try {
            storeThread.get(20, TimeUnit.SECONDS);
            assertThat(asked).isNotDone();
        } finally {
            done.countDown();
        }
        assertThat(asked).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void aStageIsCompletedThoughNoThreadCouldBeHadForAMoment() {
        AtomicBoolean none = new AtomicBoolean(true);
        Executor few = task -> {
            if (none.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        ScriptedStore scripted = new ScriptedStore(EngineFixture.FULL);
        FakeClock time = new FakeClock();
        DefaultLockEngine engine = new DefaultLockEngine(
                scripted, EngineFixture.settings(Duration.ofMillis(10), few), time, EngineMonitor.NONE, () -> few);
        CompletableFuture<LockLease> asked = engine.acquireAsync(EngineFixture.request(Duration.ofSeconds(1)))
                .toCompletableFuture();
        scripted.acquire().contended();
        time.advanceMillis(5_000);
        assertThat(asked).isNotDone();

        none.set(false);
        time.advanceMillis(1_000);
        assertThat(EngineFixture.refusal(asked)).isInstanceOf(LockNotAcquiredException.class);
    }
}
