package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willCallRealMethod;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the timer looks at tenures, and in what order it sends what is due. */
class EngineTimerTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void goesOnAfterASweepThatFailed() {
        ScriptedStore broken = spy(this.store);
        willCallRealMethod().willReturn(null).willCallRealMethod().given(broken).leave(any());
        DefaultLockEngine engine = EngineFixture.engine(broken, Duration.ofMillis(10), this.clock);
        CompletableFuture<LockLease> asked =
                engine.acquireAsync(EngineFixture.request(Duration.ZERO)).toCompletableFuture();
        this.store.acquire().acquired(1);
        engine.tenures.leaves().add(TenureId.exclusive("other", "owner"), false).send();
        this.store.leave().fail(Outcome.UNKNOWN);

        assertThatNullPointerException().isThrownBy(() -> this.clock.advanceMillis(200));
        this.clock.advanceMillis(5_000);
        this.store.leave().done();
        this.clock.advanceMillis(5_000);
        this.store.leave().done();
        this.store.renew().renewed();
        assertThat(EngineFixture.now(asked).remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    /** The caller may have been kept from running since it took the time. */
    @Test
    void whatIsPlannedByAnOldTimeIsNotLaterForThat() {
        AtomicLong swept = new AtomicLong();
        EngineTimer planned = new EngineTimer(this.fixture.engine.context);
        planned.has(new EngineTimer.Sweep() {
            @Override
            public long run(long now) {
                swept.set(now);
                return EngineTimer.LONGEST_IDLE;
            }

            @Override
            public boolean isNeeded() {
                return false;
            }
        });
        long asked = this.clock.nanoTime();

        this.clock.advanceMillis(200);
        planned.within(300 * Nanos.MILLI, asked);
        this.clock.advanceMillis(1_000);

        assertThat(swept).hasValue(asked + 300 * Nanos.MILLI);
    }

    @Test
    void passesOverAQueueThatIsBusy() {
        LockLease stuck = this.fixture.held();
        CompletableFuture<LockLease> other = this.fixture.ask(EngineFixture.request("other", Duration.ZERO));
        this.store.acquire().acquired(1);
        QueueGuard guard = this.fixture.engine.queues.get("lock").guard;
        CompletableFuture<Void> locked = new CompletableFuture<>();
        CountDownLatch done = new CountDownLatch(1);
        CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> guard.run(now -> {
            locked.complete(null);
            awaitUninterruptibly(done);
        }));
        locked.join();

        this.clock.advanceMillis(10_000);
        assertThat(this.store.renew().renewals())
                .singleElement()
                .satisfies(renewal -> assertThat(renewal.tenure().fullName()).isEqualTo("other"));

        done.countDown();
        busy.join();
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        assertThat(stuck.isHeld()).isTrue();
        assertThat(EngineFixture.now(other).isHeld()).isTrue();
    }

    @Test
    void asksAgainSoonWhereAPollHasMetABusyQueue() {
        CompletableFuture<LockLease> waiting = this.fixture.ask(Duration.ofMinutes(1));
        this.store.acquire().contended();
        QueueGuard guard = this.fixture.engine.queues.get("lock").guard;
        Tenures.Entry tenure = this.fixture.engine.tenures.all().iterator().next();
        DueCommands due = new DueCommands();
        this.clock.freeze(Duration.ofMillis(25));
        assertThat(tenure.check(due)).isPositive();
        CountDownLatch done = new CountDownLatch(1);
        CompletableFuture<Void> locked = new CompletableFuture<>();
        CompletableFuture<Void> busy = onAThread(() -> guard.run(now -> {
            locked.complete(null);
            awaitUninterruptibly(done);
        }));
        locked.join();
        due.send(this.store);
        done.countDown();
        busy.join();

        this.clock.advanceMillis(20);
        this.store.acquire().acquired(1);
        assertThat(waiting).isCompleted();
    }

    @Test
    void doesNotWaitForABusyQueueInWhichAnAsynchronousCallerWaits() throws Exception {
        LockLease stuck = this.fixture.held();
        CompletableFuture<LockLease> waiting = this.fixture.ask(Duration.ofSeconds(5));
        CompletableFuture<LockLease> other = this.fixture.ask(EngineFixture.request("other", Duration.ZERO));
        this.store.acquire().acquired(1);
        QueueGuard guard = this.fixture.engine.queues.get("lock").guard;
        CompletableFuture<Void> locked = new CompletableFuture<>();
        CountDownLatch done = new CountDownLatch(1);
        CompletableFuture<Void> busy = onAThread(() -> guard.run(now -> {
            locked.complete(null);
            awaitUninterruptibly(done);
        }));
        locked.join();
        CompletableFuture<Void> timer = onAThread(() -> this.clock.advanceMillis(10_000));
        try {
            timer.get(20, TimeUnit.SECONDS);
            assertThat(this.store.renew().renewals())
                    .singleElement()
                    .satisfies(
                            renewal -> assertThat(renewal.tenure().fullName()).isEqualTo("other"));
        } finally {
            done.countDown();
            busy.join();
        }

        this.clock.advanceMillis(10);
        assertThat(EngineFixture.refusal(waiting)).isInstanceOf(LockNotAcquiredException.class);
        this.store.renew().renewed();
        assertThat(stuck.isHeld()).isTrue();
        assertThat(EngineFixture.now(other).isHeld()).isTrue();
    }

    /** Only the timer passes a busy queue over: a caller, asynchronous or not, has its answer when it returns. */
    @Test
    void anAsynchronousCallWithoutWaitTimeWaitsForABusyQueue() {
        this.fixture.held();
        QueueGuard guard = this.fixture.engine.queues.get("lock").guard;
        Thread caller = Thread.currentThread();
        // after the caller has entered the queue, before it looks
        guard.afterwards(() -> {
            CountDownLatch busy = new CountDownLatch(1);
            CompletableFuture<Void> unused = onAThread(() -> guard.run(now -> {
                busy.countDown();
                await().until(caller::getState, Thread.State.WAITING::equals);
            }));
            awaitUninterruptibly(busy);
        });
        assertThat(EngineFixture.refusal(this.fixture.ask(Duration.ZERO))).isInstanceOf(LockNotAcquiredException.class);
    }

    @Test
    void goesOnWhereTheNextSweepCouldNotBePlanned() {
        AtomicInteger failures = new AtomicInteger();
        EngineClock failing = new FailingClock(this.clock, failures);
        DefaultLockEngine engine = EngineFixture.engine(this.store, Duration.ofMillis(10), failing);
        CompletableFuture<LockLease> asked =
                engine.acquireAsync(EngineFixture.request(Duration.ZERO)).toCompletableFuture();
        this.store.acquire().acquired(1);
        failures.set(3);
        this.clock.advanceMillis(5_000);
        assertThat(failures).hasValue(0);
        this.clock.advanceMillis(5_000);
        this.store.renew().renewed();
        assertThat(EngineFixture.now(asked).isHeld()).isTrue();
    }

    /** A clock that has no room for a timer, as often as that is wanted. */
    private record FailingClock(FakeClock clock, AtomicInteger failures) implements EngineClock {

        @Override
        public long nanoTime() {
            return this.clock.nanoTime();
        }

        @Override
        public long wallTimeMillis() {
            return this.clock.wallTimeMillis();
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            if (this.failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("no room for a timer");
            }
            return this.clock.schedule(delayNanos, task);
        }

        @Override
        public void park(Object blocker, long nanos) {
            // tries again at once
        }

        @Override
        public void shutdown() {
            this.clock.shutdown();
        }
    }

    /** The common pool may have a single one. */
    private static CompletableFuture<Void> onAThread(Runnable task) {
        return CompletableFuture.runAsync(task, each -> {
            Thread thread = new Thread(each);
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void sendsRenewalsBeforePolls() {
        LockLease kept = this.fixture.held();
        this.store.listening(true);
        this.clock.advanceMillis(9_600);
        CompletableFuture<LockLease> waiting = this.fixture.ask(EngineFixture.request("other", Duration.ofMinutes(1)));
        this.store.acquire().contended("somebody", Duration.ofMillis(270), 5, 0);

        this.clock.advanceMillis(270);
        this.store.renew().renewed();
        this.store.acquire().acquired(2);
        assertThat(kept.isHeld()).isTrue();
        assertThat(waiting).isCompleted();
    }

    @Test
    void givesUpAReleaseThatNobodyAnswersHoweverLongTheLeaseIs() {
        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(500);
        lease.close();
        this.store.free();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave();
    }

    @Test
    void givesUpAQuestionWhetherToGoOnThatNobodyAnswersHoweverLongTheLeaseIs() {
        LockLease lease = this.fixture.held();
        CompletableFuture<LockLease> waiting = this.fixture.ask();
        this.clock.advanceMillis(500);
        lease.close();
        this.store.keep();

        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave();
        this.store.acquire().acquired(2);
        assertThat(waiting).isCompleted();
    }

    @Test
    void givesUpAnExtensionForTheNextHoldThatNobodyAnswersHoweverLongTheLeaseIs() {
        EngineFixture patient = new EngineFixture(Duration.ofMinutes(1));
        LockLease lease = patient.held();
        CompletableFuture<LockLease> waiting = patient.ask(
                EngineFixture.lease(EngineFixture.request(Duration.ofMinutes(1)), Duration.ofSeconds(60), false));
        patient.clock.advanceMillis(500);
        lease.close();
        assertThat(patient.store.renew().lease()).isEqualTo(Duration.ofSeconds(60));

        patient.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        patient.store.free().freed();
        patient.store.acquire().acquired(2);
        assertThat(waiting).isCompleted();
    }

    /** A sweep that plans nothing, since nothing is left, must not leave a plan from meanwhile that is too far away. */
    @Test
    void aLongLeaseThatCameAndWentDuringASweepHindersNoRenewal() {
        CompletableFuture<LockLease> asked = this.fixture.ask(
                EngineFixture.lease(EngineFixture.request("long", Duration.ofSeconds(10)), Duration.ofHours(1), true));
        CompletableFuture<Void> closed = asked.thenAccept(LockLease::close);
        this.store.acquire().contended();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            } else if (command instanceof StoreCommand.Release release) {
                release.freed();
            }
        });
        this.clock.advanceMillis(2_000);
        assertThat(closed).isCompleted();
        this.store.acquire();
        this.store.free();
        this.store.answerAtOnce(command -> {});

        expectRenewalOfTheNextLock();
    }

    /** With a caller that waits behind, as it needs the fewest plans. */
    private void expectRenewalOfTheNextLock() {
        CompletableFuture<LockLease> first = this.fixture.ask(Duration.ofMinutes(5));
        CompletableFuture<LockLease> second = this.fixture.ask(Duration.ofMinutes(5));
        this.store.acquire().acquired(2);
        this.clock.advanceMillis(10_000);
        this.store.renew().renewed();
        assertThat(EngineFixture.now(first).isHeld()).isTrue();
        assertThat(second).isNotDone();
    }

    /** The process stood still, and the last sweep found nothing to look after. */
    @Test
    void aSweepThatCameLateHindersNoRenewal() {
        this.fixture.held().close();
        this.store.free().freed();
        this.clock.freeze(Duration.ofSeconds(4));
        this.clock.tick();
        expectRenewalOfTheNextLock();
    }

    @Test
    void anErrorOfTheTimerEndsNoHoldThatHasBeenHandedOver() {
        FakeClock failing = spy(this.clock);
        DefaultLockEngine engine = EngineFixture.engine(this.store, Duration.ofMillis(10), failing);
        CompletableFuture<LockLease> asked = engine.acquireAsync(EngineFixture.request(Duration.ofMillis(100)))
                .toCompletableFuture();
        StoreCommand.Acquire acquire = this.store.acquire();
        willAnswer(call -> {
                    acquire.acquired(1);
                    throw new OutOfMemoryError("no room for a timer");
                })
                .willCallRealMethod()
                .given(failing)
                .schedule(anyLong(), any());
        Throwable ofTheTimer = catchThrowable(() -> this.clock.advanceMillis(100));
        assertThat(ofTheTimer).hasMessage("no room for a timer");
        LockLease lease = EngineFixture.now(asked);

        this.clock.advanceMillis(5_000);
        assertThat(lease.isHeld()).isTrue();
        lease.close();
        this.store.free().freed();
    }

    @Test
    void looksThatFailEachTimeCostOthersNoLease() {
        Tenures.Entry broken = mock();
        StackOverflowError eachTime = new StackOverflowError("each time");
        eachTime.setStackTrace(new StackTraceElement[0]);
        given(broken.check(any())).willAnswer(call -> {
            throw eachTime;
        });
        List<TenureId> owners = IntStream.range(0, 50)
                .mapToObj(i -> TenureId.exclusive("lock", "broken" + i))
                .toList();
        owners.forEach(owner -> this.fixture.engine.tenures.add(owner, broken, this.clock.nanoTime()));

        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(10_000);
        this.store.renew().renewed();
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));
        owners.forEach(owner -> this.fixture.engine.tenures.remove(owner, broken));
    }

    @Test
    void errorsOfSomeLooksCostOthersNoLease() {
        ScriptedStore scripted = new ScriptedStore(EngineFixture.FULL);
        FakeClock time = new FakeClock();
        Executor noThreads = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        DefaultLockEngine engine = new DefaultLockEngine(
                scripted,
                EngineFixture.settings(Duration.ofMillis(10), new DeferringExecutor()),
                time,
                EngineMonitor.NONE,
                () -> noThreads);
        scripted.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            } else if (command instanceof StoreCommand.Renew renew) {
                renew.renewed();
            }
        });
        List<LockLease> renewed = new ArrayList<>();
        List<LockLease> others = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean renew = i % 2 == 1;
            LockLease lease = engine.acquire(EngineFixture.lease(
                    EngineFixture.request("lock" + i, Duration.ZERO), Duration.ofSeconds(renew ? 2 : 1), renew));
            lease.onLost(() -> {});
            (renew ? renewed : others).add(lease);
        }
        for (int i = 0; i < 80; i++) {
            time.advanceMillis(50);
        }
        assertThat(others).allMatch(LockLease::isLost);
        assertThat(renewed).allMatch(LockLease::isHeld);
        renewed.forEach(LockLease::close);
        others.forEach(LockLease::close);
    }
}
