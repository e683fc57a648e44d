package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.ReleaseMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a tenure goes from hold to hold, and when the store has its say. */
class HandOffTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void waitingForTheLeaseToBeExtendedIsNoPartOfATurn() {
        this.store.listening(true);
        CompletableFuture<LockLease> first = this.fixture.ask();
        CompletableFuture<LockLease> second = this.fixture.ask();
        CompletableFuture<LockLease> third = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        StoreCommand.Renew renewal = this.store.renew();
        EngineFixture.now(first).close();
        assertThat(second).as("its lease is not long enough yet").isNotDone();

        this.clock.advanceMillis(40);
        renewal.renewed();
        EngineFixture.now(second).close();
        EngineFixture.now(third);
        this.clock.advanceMillis(10);
        CompletableFuture<LockLease> last = this.fixture.ask();
        third.join().close();
        assertThat(last).as("the turn is over").isNotDone();
    }

    @Test
    void theNextCallerGetsTheLockWithoutTheStoreAndWithItsOwnToken() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask();
        CompletableFuture<LockLease> third = this.fixture.ask();
        first.close();
        LockLease next = EngineFixture.now(second);
        assertThat(next.fencingToken()).isEqualTo(first.fencingToken() + 1);
        assertThat(third).isNotDone();
        next.close();
        assertThat(EngineFixture.now(third).fencingToken()).isEqualTo(first.fencingToken() + 2);
        this.store.expectNothing();
        third.join().close();
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    @Test
    void afterItsSliceTheStoreDecidesAndTheTenureMayGoOn() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.clock.advanceMillis(10);
        first.close();
        StoreCommand.Release keep = this.store.keep();
        assertThat(keep.mode()).isEqualTo(new ReleaseMode.KeepIfNobodyWaits(EngineFixture.LEASE));
        assertThat(second).isNotDone();
        keep.kept(9);
        assertThat(EngineFixture.now(second).fencingToken()).isEqualTo(9 * 2048);
        assertThat(second.join().remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void afterItsSliceTheLockMayGoToAnotherProcessAndTheQueueAsksAgain() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.clock.advanceMillis(10);
        first.close();
        StoreCommand.Release keep = this.store.keep();
        keep.handedOver();
        StoreCommand.Acquire again = this.store.acquire();
        assertThat(again.owner()).isNotEqualTo(keep.tenure().owner());
        again.acquired(11);
        assertThat(EngineFixture.now(second).fencingToken()).isEqualTo(11 * 2048);
    }

    @Test
    void aRenewalThatIsAnsweredAfterTheTenureWentOnWithAShorterLeaseProvesNothing() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask(
                EngineFixture.lease(EngineFixture.request(Duration.ofMinutes(1)), Duration.ofSeconds(5), true));
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew late = this.store.renew();
        first.close();
        this.store.keep().kept(9);
        LockLease lease = EngineFixture.now(second);
        late.renewed();
        assertThat(lease.remaining()).isLessThan(Duration.ofSeconds(5));
        this.clock.suspend(Duration.ofSeconds(6));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void aKeepOfUnknownOutcomeCountsAsHandedOver() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.clock.advanceMillis(10);
        first.close();
        StoreCommand.Release keep = this.store.keep();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        StoreCommand.Leave leave = this.store.leave();
        assertThat(leave.owner()).isEqualTo(keep.tenure().owner());
        leave.done();
        this.store.acquire().acquired(3);
        assertThat(second).isCompleted();

        keep.kept(2);
        assertThat(this.store.leave().owner()).isEqualTo(keep.tenure().owner());
    }

    @Test
    void aTryDuringAKeepWithNobodyElseIsNotTurnedAwayByItsOwnProcess() {
        StoreCommand.Release keep = keepThatNobodyWaitsFor();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        assertThat(attempt).isNotDone();
        keep.kept(5);
        assertThat(EngineFixture.now(attempt).fencingToken()).isEqualTo(5 * 2048);
    }

    @Test
    void aTryDuringAKeepIsContendedOnceTheLockHasGoneToAnotherProcess() {
        StoreCommand.Release keep = keepThatNobodyWaitsFor();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        keep.handedOver();
        assertThat(EngineFixture.refusal(attempt)).isInstanceOf(LockNotAcquiredException.class);
        this.fixture.expectNoTrace();
    }

    @Test
    void aTryDuringAKeepThatFailsCannotTell() {
        StoreCommand.Release keep = keepThatNobodyWaitsFor();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        keep.fail(Outcome.UNKNOWN);
        assertThat(EngineFixture.refusal(attempt)).isInstanceOf(LockStoreException.class);
        this.store.leave().done();
        this.fixture.expectNoTrace();
    }

    @Test
    void aTryDuringAKeepAsksForItselfOnceTheLockIsFree() {
        StoreCommand.Release keep = keepThatNobodyWaitsFor();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        keep.freed();
        this.store.acquire().acquired(5);
        assertThat(attempt).isCompleted();
    }

    @Test
    void aTryBehindOthersIsTurnedAwayDuringAKeep() {
        LockLease first = this.fixture.held();
        this.fixture.ask();
        this.clock.advanceMillis(10);
        first.close();
        this.store.keep();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        assertThat(EngineFixture.refusal(attempt)).isInstanceOf(LockNotAcquiredException.class);
    }

    private StoreCommand.Release keepThatNobodyWaitsFor() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.clock.advanceMillis(10);
        first.close();
        StoreCommand.Release keep = this.store.keep();
        second.cancel(false);
        return keep;
    }

    @Test
    void aKeptTenureThatNobodyWantsAnyMoreIsGivenBack() {
        StoreCommand.Release keep = keepThatNobodyWaitsFor();
        keep.kept(2);
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    @Test
    void aStoreThatCannotKeepIsAskedAnew() {
        EngineFixture minimal = new EngineFixture(Set.of(), ReleaseWait.ASYNC, EngineFixture.INLINE);
        LockLease first = minimal.held();
        CompletableFuture<LockLease> second = minimal.ask();
        minimal.clock.advanceMillis(10);
        first.close();
        minimal.store.free().freed();
        minimal.store.acquire().acquired(2);
        assertThat(second).isCompleted();
    }

    @Test
    void theStoreIsAskedForMoreTokensWhenATenureHasUsedUpIts2048() {
        LockLease lease = this.fixture.held();
        long first = lease.fencingToken();
        for (int i = 1; i < 2048; i++) {
            CompletableFuture<LockLease> next = this.fixture.ask();
            lease.close();
            lease = EngineFixture.now(next);
            assertThat(lease.fencingToken()).isEqualTo(first + i);
        }
        this.store.expectNothing();
        CompletableFuture<LockLease> next = this.fixture.ask();
        lease.close();
        this.store.keep().kept(2);
        assertThat(EngineFixture.now(next).fencingToken()).isEqualTo(first + 2048);
    }

    @Test
    void theLastNumberOfAStoreStillMakesTokensThatRise() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().acquired((1L << 52) - 1);
        LockLease lease = EngineFixture.now(asked);
        assertThat(lease.fencingToken()).isEqualTo(Long.MAX_VALUE - 2047);
        for (int i = 1; i < 2048; i++) {
            CompletableFuture<LockLease> next = this.fixture.ask();
            lease.close();
            lease = EngineFixture.now(next);
            assertThat(lease.fencingToken()).isEqualTo(Long.MAX_VALUE - 2047 + i);
        }
        assertThat(lease.fencingToken()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aHoldGetsItsLeaseLessOneRenewalPeriodAtLeast() {
        LockLease first = this.fixture.held(Duration.ofSeconds(5), true);
        CompletableFuture<LockLease> second = this.fixture.ask();
        first.close();
        StoreCommand.Renew extension = this.store.renew();
        assertThat(extension.lease()).isEqualTo(EngineFixture.LEASE);
        assertThat(second).isNotDone();
        extension.renewed();
        assertThat(EngineFixture.now(second).remaining()).isGreaterThan(Duration.ofSeconds(20));
        this.store.expectNothing();
    }

    @Test
    void aLockThatCannotBeExtendedIsGivenBackAndAskedForAgain() {
        LockLease first = this.fixture.held(Duration.ofSeconds(5), true);
        CompletableFuture<LockLease> second = this.fixture.ask();
        first.close();
        this.store.renew().fail(Outcome.NOT_EXECUTED);
        this.store.free().freed();
        this.store.acquire().acquired(2);
        assertThat(second).isCompleted();
    }

    @Test
    void aRunningThreadMayTakeTheLockAheadOfAWokenOneWhichIsNotForgotten() {
        LockLease first = this.fixture.held();
        LocalQueue queue = queue();
        BlockingWaiter waiter = enterAsParked();
        first.close();
        LockLease faster = EngineFixture.now(this.fixture.ask());
        assertThat(queue.look(waiter)).isPositive();
        assertThat(queue.look(waiter)).as("woken for no reason").isPositive();

        faster.close();
        assertThat(waiter.awake).isTrue();
        queue.look(waiter);
        assertThat(waiter.hold).isNotNull();
    }

    @Test
    void aThreadThatRunningOnesHaveOvertakenForAMillisecondIsGivenTheLock() {
        LockLease running = this.fixture.held();
        BlockingWaiter woken = enterAsParked();
        running.close();
        for (int i = 0; i < 10; i++) {
            assertThat(woken.hold).isNull();
            running = EngineFixture.now(this.fixture.ask());
            queue().look(woken);
            queue().look(woken);
            assertThat(woken.awake).as("it sleeps until it is woken again").isFalse();
            this.clock.advance(Duration.ofNanos(100_000));
            running.close();
        }
        assertThat(woken.hold).isNotNull();
        assertThat(this.fixture.ask()).isNotDone();
        this.store.expectNothing();
    }

    @Test
    void runningThreadsOvertakeAWokenOneOnlyUntilTheHandOverIsDue() {
        LockLease running = this.fixture.held();
        BlockingWaiter woken = enterAsParked();
        this.clock.advance(Duration.ofNanos(9_500_000));
        running.close();
        running = EngineFixture.now(this.fixture.ask());
        this.clock.advance(Duration.ofNanos(500_000));
        running.close();
        StoreCommand.Release keep = this.store.keep();
        CompletableFuture<LockLease> tooLate = this.fixture.ask();
        keep.kept(2);
        assertThat(woken.hold).isNotNull();
        assertThat(tooLate).isNotDone();
    }

    @Test
    void theHolderRunsBeforeTheRenewalIsSentThatFollowsAGrant() {
        this.store.listening(true);
        CallingThread first =
                this.fixture.call(EngineFixture.request(Duration.ofSeconds(60))).parked();
        this.fixture.call(EngineFixture.request(Duration.ofSeconds(60))).parked();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        AtomicReference<LockLease> running = new AtomicReference<>();
        this.store.answerAtOnce(command -> running.set(first.lease()));
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        assertThat(this.store.renew()).isNotNull();
        assertThat(running).as("who runs while the renewal is being sent").doesNotHaveNullValue();
    }

    @Test
    void aThreadThatComesWhenTheHandOverIsDueDoesNotOvertakeAWokenOne() {
        LockLease first = this.fixture.held();
        BlockingWaiter woken = enterAsParked();
        first.close();
        this.clock.advanceMillis(10);
        CompletableFuture<LockLease> late = this.fixture.ask();
        assertThat(late).isNotDone();
        queue().look(woken);
        this.store.keep().kept(2);
        assertThat(woken.hold).isNotNull();
        assertThat(late).isNotDone();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "4, 2", "16, 3", "64, 8"})
    void theMoreCallersWantALockAtOnceTheFewerCommandsEachOfThemCosts(int callers, int expected) {
        AtomicInteger commands = new AtomicInteger();
        this.store.answerAtOnce(command -> {
            commands.incrementAndGet();
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            } else if (command instanceof StoreCommand.Release release) {
                if (release.mode() instanceof ReleaseMode.KeepIfNobodyWaits) {
                    release.kept(2);
                } else {
                    release.freed();
                }
            }
        });
        LockLease busy = EngineFixture.now(this.fixture.ask());
        List<CompletableFuture<LockLease>> asked = new ArrayList<>();
        for (int i = 1; i < callers; i++) {
            asked.add(this.fixture.ask());
        }
        this.clock.advanceMillis(1);
        busy.close();
        for (CompletableFuture<LockLease> each : asked) {
            LockLease lease = EngineFixture.now(each);
            this.clock.advanceMillis(1);
            lease.close();
        }
        assertThat(commands).as("commands of %s calls", callers).hasValue(expected);
    }

    /** A thread that sleeps in the queue of the lock and, once woken, looks when the test says so. */
    private BlockingWaiter enterAsParked() {
        BlockingWaiter waiter = new BlockingWaiter(
                EngineFixture.request(Duration.ofSeconds(60)),
                this.fixture.engine.context,
                this.clock.nanoTime(),
                true);
        assertThat(queue().enter(waiter, this.clock.nanoTime())).isTrue();
        return waiter;
    }

    private LocalQueue queue() {
        return this.fixture.engine.queues.get("lock");
    }

    @Test
    void parkedThreadsGetTheLockOneAfterTheOther() {
        LockLease first = this.fixture.held();
        CallingThread second =
                this.fixture.call(EngineFixture.request(Duration.ofSeconds(60))).parked();
        CallingThread third =
                this.fixture.call(EngineFixture.request(Duration.ofSeconds(60))).parked();
        first.close();
        LockLease next = second.lease();
        assertThat(third.isWaiting()).isTrue();
        next.close();
        assertThat(third.lease().fencingToken()).isEqualTo(first.fencingToken() + 2);
        this.store.expectNothing();
    }

    @Test
    void fairCallersStandInTheStoresQueueThemselves() {
        CompletableFuture<LockLease> first = this.fixture.ask(fair());
        CompletableFuture<LockLease> second = this.fixture.ask(fair());
        StoreCommand.Acquire firstRequest = this.store.acquire();
        StoreCommand.Acquire secondRequest = this.store.acquire();
        assertThat(firstRequest.request().fair()).isTrue();
        assertThat(firstRequest.owner()).isNotEqualTo(secondRequest.owner());
        firstRequest.acquired(1);
        secondRequest.contended();
        EngineFixture.now(first).close();
        this.store.free().handedOver();
        this.store.grant(secondRequest, 2, Duration.ofSeconds(2), 0);
        assertThat(second).isCompleted();
    }

    private static LockRequest fair() {
        LockRequest request = EngineFixture.request(Duration.ofSeconds(60));
        return new LockRequest(request.name(), request.waitTime(), request.leaseTime(), true, true, null);
    }
}
