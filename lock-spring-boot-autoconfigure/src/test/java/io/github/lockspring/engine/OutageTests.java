package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that fails, is silent, or comes back. */
class OutageTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void aTryOnAFailingStoreFailsAtOnce() {
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        this.store.acquire().fail(Outcome.NOT_EXECUTED);
        assertThat(EngineFixture.refusal(attempt))
                .isInstanceOf(LockStoreException.class)
                .hasMessageContaining("'lock'")
                .hasMessageContaining("out of order");
        this.fixture.expectNoTrace();
    }

    @Test
    void aTryOnASilentStoreFailsAfterTheCommandTimeOut() {
        CallingThread caller = this.fixture.call(EngineFixture.request(Duration.ZERO));
        StoreCommand.Acquire question = this.store.acquire();
        caller.parked();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        assertThat(caller.failure()).isInstanceOf(LockStoreException.class).hasMessageContaining("2000 ms");
        assertThat(this.store.leave().owner()).isEqualTo(question.owner());
    }

    @Test
    void aWaitingCallerOutlastsAnOutage() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofSeconds(10));
        for (int i = 0; i < 6; i++) {
            this.store.acquire().fail(Outcome.NOT_EXECUTED);
            this.clock.advanceMillis(800);
        }
        this.store.acquire().acquired(1);
        assertThat(asked).isCompleted();
    }

    @Test
    void aWaitingCallerIsToldThatTheStoreFailed() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofSeconds(3));
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.fail(Outcome.NOT_EXECUTED);
            }
        });
        this.store.acquire().fail(Outcome.NOT_EXECUTED);
        this.clock.advanceMillis(2_999);
        assertThat(asked).isNotDone();
        this.clock.advanceMillis(2);
        assertThat(EngineFixture.refusal(asked)).isInstanceOf(LockStoreException.class);
    }

    /** The repeated request that nobody has answered yet says nothing that the failure before it does not say better. */
    @Test
    void aWaitingCallerIsToldWhyTheLastRequestFailedWhileTheNextOneIsUnderWay() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofMillis(500));
        this.clock.advanceMillis(400);
        this.store.acquire().fail(Outcome.NOT_EXECUTED);
        this.clock.advanceMillis(50);
        StoreCommand.Acquire repeated = this.store.acquire();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.minusMillis(400));

        assertThat(EngineFixture.refusal(asked))
                .isInstanceOfSatisfying(
                        LockStoreException.class,
                        failure -> assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN))
                .hasMessageContaining("out of order");
        assertThat(this.store.leave().owner()).isEqualTo(repeated.owner());
    }

    @Test
    void pausesBetweenRetriesGrowAndBeginAnewAfterAnAnswer() {
        this.fixture.ask(Duration.ofMinutes(10));
        StoreCommand.Acquire question = this.store.acquire();
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            question.fail(Outcome.NOT_EXECUTED);
            pauses.add(pause());
            question = this.store.acquire();
        }
        assertThat(pauses.get(0)).isLessThanOrEqualTo(50);
        assertThat(pauses.get(5)).isBetween(590L, 801L);

        question.acquired(1);
        this.clock.advanceMillis(1);
        LocalQueue queue = this.fixture.engine.queues.get("lock");
        assertThat(queue).isNotNull();
        this.fixture.ask(Duration.ofMinutes(10));
        this.store.expectNothing();
        this.clock.advanceMillis(9_900);
        this.store.renew().notOwner();
        this.store.acquire().fail(Outcome.NOT_EXECUTED);
        assertThat(pause()).isLessThanOrEqualTo(50);
    }

    @Test
    void aPollThatCouldNotBeSentKeepsThePlaceInTheQueue() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire first = this.store.acquire();
        first.contended();
        this.clock.advanceMillis(25);
        this.store.acquire().fail(Outcome.NOT_EXECUTED);
        this.clock.advanceMillis(50);
        StoreCommand.Acquire again = this.store.acquire();
        assertThat(again.owner()).isEqualTo(first.owner());
        again.acquired(1);
        assertThat(asked).isCompleted();
    }

    @Test
    void aPollOfUnknownOutcomeKeepsThePlaceWithTheTimeWaited() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire first = this.store.acquire();
        assertThat(first.request().waited()).isZero();
        first.contended();
        this.clock.advanceMillis(25);
        this.store.acquire().fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(50);
        StoreCommand.Acquire again = this.store.acquire();
        assertThat(again.owner()).isEqualTo(first.owner());
        assertThat(again.request().waited()).isBetween(Duration.ofMillis(18), Duration.ofMillis(75));
        again.acquired(1);
        EngineFixture.now(asked).close();
        this.store.free().freed();
        assertThat(this.store.leave().owner())
                .as("what is left by the poll that may yet be executed")
                .isEqualTo(first.owner());
    }

    @Test
    void aRequestKeepsItsOwnerThroughAnOutageAndWithdrawsNothing() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofMinutes(2));
        StoreCommand.Acquire first = this.store.acquire();
        StoreCommand.Acquire question = first;
        for (int i = 0; i < 30; i++) {
            question.fail(i % 2 == 0 ? Outcome.UNKNOWN : Outcome.NOT_EXECUTED);
            this.clock.advanceMillis(800);
            question = this.store.acquire();
            assertThat(question.owner()).isEqualTo(first.owner());
        }
        assertThat(question.request().waited()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(24));
        question.acquired(1);
        assertThat(asked).isCompleted();
        this.store.expectNothing();
    }

    @Test
    void aLateAnswerToAnEarlierQuestionIsAsGoodAsOneToTheNewest() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofMinutes(2));
        StoreCommand.Acquire late = this.store.acquire();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusSeconds(1));
        StoreCommand.Acquire newest = this.store.acquire();
        late.acquired(1);
        LockLease lease = EngineFixture.now(asked);
        assertThat(lease.remaining()).isLessThan(EngineFixture.LEASE.minusSeconds(3));
        newest.acquired(2);
        assertThat(lease.remaining()).isGreaterThan(EngineFixture.LEASE.minusSeconds(2));
        assertThat(lease.fencingToken()).isEqualTo(2048);
        lease.close();
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    /** A grant overtakes a poll, which then fails, or does not: in the store it may come after the release. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPollOfUnknownFateIsWithdrawnAfterTheTenure(boolean failsBeforeTheRelease) {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire first = this.store.acquire();
        first.contended("other", Duration.ofSeconds(30), 0, 10_000_000);
        this.clock.advanceMillis(250);
        StoreCommand.Acquire poll = this.store.acquire();
        this.store.grant(first, 4, Duration.ofSeconds(2), 10_260_000);
        LockLease lease = EngineFixture.now(asked);
        if (failsBeforeTheRelease) {
            poll.fail(Outcome.UNKNOWN);
        }
        this.clock.advanceMillis(5);
        lease.close();
        this.store.free().freed();
        StoreCommand.Leave leave = this.store.leave();
        assertThat(leave.owner()).isEqualTo(first.owner());
        leave.done();
        if (!failsBeforeTheRelease) {
            poll.fail(Outcome.UNKNOWN);
        }
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave().done();
        this.fixture.expectNoTrace();
    }

    @Test
    void whatMayArriveLateIsLeftTwice() {
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        StoreCommand.Acquire question = this.store.acquire();
        question.fail(Outcome.UNKNOWN);
        assertThat(attempt).isCompletedExceptionally();
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave().done();
        this.clock.advance(Duration.ofMinutes(1));
        this.fixture.expectNoTrace();
    }

    @Test
    void aRefusalEndsEveryWaitingAndThePlaceInTheQueue() {
        CompletableFuture<LockLease> first = this.fixture.ask();
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.store.acquire().contended();
        this.clock.advanceMillis(25);
        this.store.acquire().fail(Outcome.REFUSED);
        assertThat(EngineFixture.refusal(first))
                .isInstanceOf(LockStoreException.class)
                .hasMessageStartingWith("Lock 'lock' was not acquired. ");
        assertThat(EngineFixture.refusal(second)).isInstanceOf(LockStoreException.class);
        this.store.leave().done();
        this.fixture.expectNoTrace();
    }

    @Test
    void aStoreThatThrowsIsAStoreThatFails() {
        this.store.answerAtOnce(command -> {
            throw new IllegalStateException("not connected");
        });
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        assertThat(EngineFixture.refusal(attempt))
                .isInstanceOf(LockStoreException.class)
                .hasMessageContaining("not connected");
    }

    @Test
    void anotherProcessesContentionIsNotHiddenByAnOldFailure() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofSeconds(3));
        this.store.acquire().fail(Outcome.NOT_EXECUTED);
        this.clock.advanceMillis(50);
        StoreCommand.Acquire second = this.store.acquire();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire poll) {
                poll.contended();
            }
        });
        second.contended();
        this.clock.advanceMillis(3_000);
        assertThat(EngineFixture.refusal(asked)).isInstanceOf(LockNotAcquiredException.class);
    }

    private long pause() {
        long pause = 0;
        while (!this.store.hasNext()) {
            this.clock.advanceMillis(1);
            pause++;
        }
        return pause;
    }

    @Test
    void aLossIsFollowedByTheWithdrawalOfAQuestionOfUnknownFate() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire first = this.store.acquire();
        first.fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(20);
        this.store.acquire().acquired(1);
        LockLease lease = EngineFixture.now(asked);
        this.clock.advanceMillis(10_000);
        this.store.renew().notOwner();
        lease.close();
        assertThat(this.store.leave().owner()).isEqualTo(first.owner());
    }

    @Test
    void questionsThatWaitForOurOwnLeaveDoNotPileUp() {
        CompletableFuture<LockLease> givenUp = this.fixture.ask();
        StoreCommand.Acquire first = this.store.acquire();
        givenUp.cancel(false);
        StoreCommand.Leave leave = this.store.leave();
        this.fixture.ask(Duration.ofHours(1));
        for (int i = 0; i < 50; i++) {
            while (this.store.hasNext()) {
                this.store.acquire().contended(first.owner(), Duration.ofSeconds(30), 0, 0);
            }
            this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        }
        while (!this.store.hasNext()) {
            this.clock.advanceMillis(100);
        }
        this.store.acquire().contended(first.owner(), Duration.ofSeconds(30), 0, 0);
        leave.done();
        this.store.acquire();
        this.store.expectNothing();
    }
}
