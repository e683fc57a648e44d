package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Interrupts, time-outs and cancellations leave no trace. */
class GivingUpTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void anInterruptEndsTheWaitingAndTheRequest() {
        CallingThread caller = call();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        caller.parked().interrupt();
        assertThat(caller.failure())
                .isInstanceOf(LockInterruptedException.class)
                .hasMessageContaining("'lock'");
        assertThat(caller.endsInterrupted()).isTrue();
        StoreCommand.Leave leave = this.store.leave();
        assertThat(leave.owner()).isEqualTo(question.owner());
        leave.done();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void anInterruptNeitherEndsAnUninterruptibleCallNorCostsItsPlace() {
        LockLease held = this.fixture.held();
        CallingThread first =
                CallingThread.startUninterruptibly(this.fixture, EngineFixture.request(Duration.ofSeconds(60)));
        first.parked();
        CallingThread second = this.fixture.call(EngineFixture.request(Duration.ofSeconds(60)));
        second.parked();
        for (int i = 0; i < 2; i++) {
            first.interrupt();
            first.awaitNoticed();
            first.parked();
        }
        assertThat(first.isWaiting()).isTrue();

        held.close();
        LockLease lease = first.lease();
        assertThat(lease.isHeld()).isTrue();
        assertThat(first.endsInterrupted()).isTrue();
        assertThat(second.isWaiting()).isTrue();
        lease.close();
        second.lease().close();
        this.store.free().freed();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void anInterruptBeforeAnUninterruptibleCallIsThereAfterItsRefusal() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.contended();
            } else if (command instanceof StoreCommand.Leave leave) {
                leave.done();
            }
        });
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> this.fixture.engine.acquireUninterruptibly(EngineFixture.request(Duration.ZERO)));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anInterruptDuringTheFirstQuestionLeavesEvenIfTheAnswerIsLate() {
        CallingThread caller = call();
        StoreCommand.Acquire question = this.store.acquire();
        caller.parked().interrupt();
        assertThat(caller.failure()).isInstanceOf(LockInterruptedException.class);
        this.store.leave().done();
        question.acquired(1);
        StoreCommand.Leave again = this.store.leave();
        assertThat(again.owner()).isEqualTo(question.owner());
        again.done();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aLateFailureOfAnAbandonedQuestionIsFollowedByLeave() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        asked.cancel(false);
        this.store.leave().done();
        question.fail(new IllegalStateException("connection reset"));
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave().done();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void whoeverStillWaitsKeepsTheRequest() {
        CallingThread first = call();
        StoreCommand.Acquire question = this.store.acquire();
        first.parked();
        CompletableFuture<LockLease> second = this.fixture.ask();
        first.interrupt();
        assertThat(first.failure()).isInstanceOf(LockInterruptedException.class);
        this.store.expectNothing();
        question.acquired(1);
        assertThat(second).isCompleted();
    }

    @Test
    void aTimeOutOfABlockingCallLeaves() {
        CallingThread caller = this.fixture.call(EngineFixture.request(Duration.ofMillis(15)));
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        caller.parked();
        this.clock.advanceMillis(15);
        assertThat(caller.failure())
                .isInstanceOf(LockNotAcquiredException.class)
                .hasMessageContaining("other");
        this.store.leave().done();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aSpuriousWakeUpChangesNothing() {
        CallingThread caller = call();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        caller.parked().wakeSpuriously();
        caller.parked();
        this.store.grant(question, 2, Duration.ofSeconds(2), 0);
        assertThat(caller.lease().isHeld()).isTrue();
    }

    @Test
    void cancellingTheFutureLeaves() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().contended();
        assertThat(asked.cancel(true)).isTrue();
        this.store.leave().done();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aTimeOutOfTheFutureItselfLeaves() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().contended();
        asked.orTimeout(1, TimeUnit.MILLISECONDS);
        this.store.leave().done();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aHoldThatComesTogetherWithTheCancellationIsGivenBack() {
        DeferringExecutor executor = new DeferringExecutor();
        EngineFixture deferring = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<LockLease> asked = deferring.ask();
        deferring.store.acquire().acquired(1);
        asked.cancel(false);
        executor.runAll();
        deferring.store.free().freed();
        deferring.expectNoTraceEver();
    }

    @Test
    void whoeverGivesUpBehindAHolderLeavesNothingButTheHolder() {
        LockLease held = this.fixture.held();
        CallingThread interrupted = call();
        CallingThread late = this.fixture.call(EngineFixture.request(Duration.ofMillis(15)));
        CompletableFuture<LockLease> cancelled = this.fixture.ask();
        assertThat(EngineFixture.refusal(this.fixture.ask(Duration.ZERO))).isInstanceOf(LockNotAcquiredException.class);
        interrupted.parked().interrupt();
        late.parked();
        this.clock.advanceMillis(15);
        cancelled.cancel(false);
        assertThat(interrupted.failure()).isInstanceOf(LockInterruptedException.class);
        assertThat(late.failure()).isInstanceOf(LockNotAcquiredException.class);
        this.store.expectNothing();
        held.close();
        this.store.free().freed();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void whoeverGivesUpWhenTheGrantComesGivesItBack() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        asked.cancel(false);
        this.store.grant(question, 2, Duration.ofSeconds(2), 0);
        StoreCommand.Leave leave = this.store.leave();
        assertThat(leave.owner()).isEqualTo(question.owner());
        leave.done();
        this.clock.advanceMillis(10);
        this.store.leave().done();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aCallerThatHasWaitedForOthersOnlyIsContendedNotFailed() {
        LockLease held = this.fixture.held();
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofSeconds(5));
        this.clock.advanceMillis(4_900);
        held.close();
        this.store.keep().handedOver();
        this.store.acquire();
        this.clock.advanceMillis(100);
        assertThat(EngineFixture.refusal(asked)).isInstanceOf(LockNotAcquiredException.class);
    }

    private CallingThread call() {
        return this.fixture.call(EngineFixture.request(Duration.ofSeconds(60)));
    }
}
