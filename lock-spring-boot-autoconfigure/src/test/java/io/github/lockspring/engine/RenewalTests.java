package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.store.RenewOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lease proves, how it is kept, and how it is lost. */
class RenewalTests {

    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void renewsAThirdIntoTheLeaseAgainAndAgain() {
        LockLease lease = this.fixture.held();
        AtomicInteger renewals = new AtomicInteger();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                assertThat(renew.lease()).isEqualTo(EngineFixture.LEASE);
                renewals.incrementAndGet();
                renew.renewed();
            }
        });
        this.clock.advanceMillis(9_800);
        assertThat(renewals).hasValue(0);
        this.clock.advanceMillis(200);
        assertThat(renewals).hasValue(1);
        this.clock.advance(Duration.ofSeconds(90));
        assertThat(renewals).hasValue(10);
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void renewsTheShortestLeaseInTimeAgainAndAgain() {
        Duration shortest = LockOptions.MIN_LEASE_TIME;
        LockLease lease = this.fixture.held(shortest, true);
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                renew.renewed();
            }
        });
        for (int i = 0; i < 200; i++) {
            this.clock.advanceMillis(50);
            assertThat(lease.remaining()).isGreaterThan(shortest.dividedBy(2));
        }
    }

    /** The lock was passed on in the store meanwhile, with a new lease. */
    @Test
    void aRenewalThatFailedBeforeTheTenureWentOnIsForgotten() {
        LockMonitor monitor = mock();
        EngineFixture monitored = new EngineFixture(monitor);
        LockLease hold = passedOnAfterAFailedRenewal(monitored);
        monitored.clock.advanceMillis(10_000);
        assertThat(monitored.engine.status().renewalsLateBy()).isLessThan(Duration.ofSeconds(1));
        monitored.store.renew().renewed();
        then(monitor).should().renewed(any(), argThat(late -> late.compareTo(Duration.ofSeconds(1)) < 0));
        assertThat(hold.isHeld()).isTrue();
    }

    @Test
    void aRenewalThatFailedBeforeTheTenureWentOnDoesNotExplainALaterLoss() {
        LockLease hold = passedOnAfterAFailedRenewal(this.fixture);
        this.clock.freeze(Duration.ofSeconds(40));
        this.clock.tick();
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(hold::ensureHeld)
                .withMessageContaining("this process was paused");
    }

    private static LockLease passedOnAfterAFailedRenewal(EngineFixture fixture) {
        LockLease first = fixture.held();
        fixture.clock.advanceMillis(10_000);
        fixture.store.renew().fail(Outcome.NOT_EXECUTED);
        CompletableFuture<LockLease> next = fixture.ask(Duration.ofMinutes(5));
        first.close();
        fixture.store.keep().kept(2);
        return EngineFixture.now(next);
    }

    @Test
    void renewsNothingThatIsNotHeld() {
        this.fixture.held().close();
        this.store.free().freed();
        this.clock.advance(Duration.ofMinutes(1));
        this.fixture.expectNoTrace();
        assertThat(this.clock.timers()).isZero();
    }

    @Test
    void renewsWhatIsDueSoonTogetherWithWhatIsDueNow() {
        List<StoreCommand.Acquire> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            this.fixture.ask(EngineFixture.request("lock" + i, Duration.ZERO));
            asked.add(this.store.acquire());
            asked.get(i).acquired(1);
            this.clock.advanceMillis(5);
        }
        AtomicInteger batches = new AtomicInteger();
        AtomicInteger renewals = new AtomicInteger();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                batches.incrementAndGet();
                renewals.addAndGet(renew.renewals().size());
                renew.renewed();
            }
        });
        this.clock.advanceMillis(10_000);
        assertThat(renewals).hasValue(40);
        assertThat(batches).hasValueLessThanOrEqualTo(5);
    }

    @Test
    void oneFailureInABatchDoesNotHurtTheOthers() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> asked = this.fixture.ask(EngineFixture.request("second", Duration.ZERO));
        this.store.acquire().acquired(1);
        LockLease second = EngineFixture.now(asked);
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew both = this.store.renew();
        assertThat(both.renewals()).hasSize(2);
        both.answer(both.renewals().stream()
                .map(renewal -> renewal.tenure().fullName().equals("second")
                        ? RenewOutcome.RENEWED
                        : new RenewOutcome.Failed(new IllegalStateException("TRYAGAIN")))
                .toList());
        this.clock.advanceMillis(1_000);
        StoreCommand.Renew again = this.store.renew();
        assertThat(again.renewals())
                .singleElement()
                .satisfies(renewal -> assertThat(renewal.tenure().fullName()).isEqualTo("lock"));
        again.renewed();
        assertThat(first.isHeld()).isTrue();
        assertThat(second.remaining()).isGreaterThan(Duration.ofSeconds(28));
    }

    @Test
    void triesAFailedRenewalAgainSeveralTimesBeforeAShortLeaseIsOver() {
        LockLease lease = this.fixture.held(Duration.ofSeconds(2), true);
        AtomicInteger attempts = new AtomicInteger();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                attempts.incrementAndGet();
                renew.fail(Outcome.NOT_EXECUTED);
            }
        });
        this.clock.advanceMillis(1_900);
        assertThat(attempts).hasValueGreaterThanOrEqualTo(4).hasValueLessThan(40);
        assertThat(lease.isHeld()).isTrue();
        this.clock.advanceMillis(100);
        assertThat(lease.isLost()).isTrue();
    }

    @Test
    void isLostWhenTheStoreSaysSo() {
        AtomicInteger calls = new AtomicInteger();
        LockLease lease = this.fixture.held();
        lease.onLost(calls::incrementAndGet);
        this.clock.advanceMillis(10_000);
        this.store.renew().notOwner();

        assertThat(calls).hasValue(1);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isTrue();
        assertThat(lease.remaining()).isZero();
        Assertions.assertThatThrownBy(lease::ensureHeld)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("this owner no longer has the lock");
        lease.close();
        lease.close();
        assertThat(lease.isLost()).isTrue();
        this.fixture.expectNoTrace();
    }

    @Test
    void isLostAtOnceWhenTheStoreSaysSoUnasked() {
        AtomicInteger calls = new AtomicInteger();
        LockLease lease = this.fixture.held();
        lease.onLost(calls::incrementAndGet);
        this.store.lost();

        assertThat(calls).hasValue(1);
        assertThat(lease.isLost()).isTrue();
        Assertions.assertThatThrownBy(lease::ensureHeld)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("this owner no longer has the lock");
        this.store.lost();
        assertThat(calls).hasValue(1);
        lease.close();
        this.store.lost();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aRequestIsNotLostWhateverTheStoreSaysUnasked() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.store.lost();
        question.acquired(1);
        assertThat(EngineFixture.now(asked).isHeld()).isTrue();
    }

    @Test
    void isLostWhenItWasNotRenewedInTime() {
        AtomicInteger calls = new AtomicInteger();
        LockLease lease = this.fixture.held();
        lease.onLost(calls::incrementAndGet);
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew unanswered = this.store.renew();
        this.clock.freeze(Duration.ofMillis(19_689));
        assertThat(lease.isHeld()).isTrue();
        this.clock.freeze(Duration.ofMillis(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isTrue();
        assertThat(calls).hasValue(0);
        this.clock.tick();
        assertThat(calls).hasValue(1);

        unanswered.renewed();
        assertThat(lease.isLost()).isTrue();
        lease.close();
        this.store.leave().done();
        this.fixture.expectNoTrace();
    }

    @Test
    void anAnswerAfterItsEndDoesNotReviveALease() {
        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew late = this.store.renew();
        this.clock.freeze(Duration.ofSeconds(25));
        late.renewed();
        assertThat(lease.isLost()).isTrue();
        assertThat(lease.isHeld()).isFalse();
        lease.close();
        this.store.leave().done();
        this.fixture.expectNoTrace();
    }

    @Test
    void runsALossListenerAtOnceThatComesLate() {
        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(10_000);
        this.store.renew().notOwner();
        AtomicInteger calls = new AtomicInteger();
        lease.onLost(calls::incrementAndGet);
        assertThat(calls).hasValue(1);
    }

    @Test
    void runsNoLossListenerOfAClosedLease() {
        LockLease lease = this.fixture.held();
        AtomicInteger calls = new AtomicInteger();
        lease.onLost(calls::incrementAndGet);
        lease.close();
        this.clock.advance(Duration.ofMinutes(1));
        assertThat(calls).hasValue(0);
    }

    @Test
    void goesOnWithANewTenureAfterALoss() {
        LockLease lost = this.fixture.held();
        CompletableFuture<LockLease> waiting = this.fixture.ask(Duration.ofMinutes(5));
        this.clock.advanceMillis(10_000);
        this.store.renew().notOwner();
        StoreCommand.Acquire next = this.store.acquire();
        next.acquired(2);
        LockLease lease = EngineFixture.now(waiting);
        lost.close();
        assertThat(lease.isHeld()).isTrue();
        this.store.expectNothing();
    }

    @Test
    void withoutRenewalTheLeaseEnds() {
        LockLease lease = this.fixture.held(FIVE_SECONDS, false);
        this.clock.advanceMillis(4_900);
        this.store.expectNothing();
        assertThat(lease.isHeld()).isTrue();
        this.clock.advanceMillis(100);
        assertThat(lease.isLost()).isTrue();
        lease.close();
        this.fixture.expectNoTrace();
    }

    @Test
    void withoutRenewalTheNextHoldGetsItsLeaseOrTheRestOfALongerOne() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = waiting(FIVE_SECONDS, false);
        CompletableFuture<LockLease> third = waiting(EngineFixture.LEASE, false);
        this.clock.advanceMillis(1);
        first.close();
        assertThat(EngineFixture.now(second).remaining()).isGreaterThan(Duration.ofSeconds(29));
        this.clock.advanceMillis(1);
        second.join().close();
        StoreCommand.Renew extension = this.store.renew();
        assertThat(extension.lease()).isEqualTo(EngineFixture.LEASE);
        assertThat(third).isNotDone();
        extension.renewed();
        assertThat(third).isCompleted();
    }

    @Test
    void withoutRenewalTheFullLeaseIsTriedForUntilItIsSet() {
        CompletableFuture<LockLease> asked = waiting(EngineFixture.LEASE, false);
        StoreCommand.Acquire acquire = this.store.acquire();
        this.store.grant(acquire, 1, Duration.ofSeconds(2), 0);
        LockLease lease = EngineFixture.now(asked);
        this.clock.advanceMillis(10);
        StoreCommand.Renew first = this.store.renew();
        assertThat(first.lease()).isEqualTo(EngineFixture.LEASE.minusMillis(10));
        first.fail(Outcome.NOT_EXECUTED);
        this.clock.advanceMillis(500);
        StoreCommand.Renew second = this.store.renew();
        assertThat(second.lease()).isBetween(Duration.ofMillis(29_400), Duration.ofMillis(29_999));
        second.renewed();
        this.clock.advanceMillis(20_000);
        assertThat(lease.isHeld()).isTrue();
        this.store.expectNothing();
    }

    @Test
    void aShortHoldAfterALongOneLeavesTheLongLease() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = waiting(FIVE_SECONDS, true);
        first.close();
        LockLease shortHold = EngineFixture.now(second);
        this.clock.advanceMillis(26_000);
        this.store.expectNothing();
        assertThat(shortHold.remaining()).isLessThan(FIVE_SECONDS);
        this.clock.advanceMillis(500);
        StoreCommand.Renew renewal = this.store.renew();
        assertThat(renewal.lease()).isEqualTo(FIVE_SECONDS);
        renewal.renewed();
        assertThat(shortHold.remaining()).isBetween(Duration.ofMillis(4_800), FIVE_SECONDS);
    }

    /** The store does not shorten a lease, so that what was confirmed stays proven. */
    @Test
    void anUnansweredRenewalForAShorterLeaseTakesNothingAway() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = waiting(FIVE_SECONDS, true);
        first.close();
        LockLease shortHold = EngineFixture.now(second);
        this.clock.advanceMillis(26_500);
        StoreCommand.Renew unanswered = this.store.renew();
        Duration proven = shortHold.remaining();
        assertThat(proven).isGreaterThan(Duration.ofMillis(3_100));
        unanswered.fail(Outcome.UNKNOWN);
        assertThat(shortHold.remaining()).isEqualTo(proven);
        this.clock.advanceMillis(1_000);
        this.store.renew().renewed();
        assertThat(shortHold.remaining()).isBetween(Duration.ofMillis(3_900), FIVE_SECONDS);
    }

    @Test
    void aRenewalFromBeforeTheTenureWentOnProvesNothing() {
        CompletableFuture<LockLease> first = waiting(Duration.ofSeconds(1), true);
        this.store.acquire().acquired(1);
        CompletableFuture<LockLease> second = waiting(Duration.ofSeconds(1), true);
        this.clock.advanceMillis(330);
        StoreCommand.Renew old = this.store.renew();
        EngineFixture.now(first).close();
        StoreCommand.Release keep = this.store.keep();
        keep.kept(2);
        LockLease lease = EngineFixture.now(second);
        Duration proven = lease.remaining();
        this.clock.advanceMillis(100);
        old.renewed();
        assertThat(lease.remaining()).isLessThanOrEqualTo(proven.minusMillis(100));
    }

    @Test
    void anOldQuestionForAShorterLeaseTakesNothingAway() {
        CompletableFuture<LockLease> shortOne =
                this.fixture.ask(EngineFixture.lease(EngineFixture.request(FIVE_SECONDS), FIVE_SECONDS, true));
        CompletableFuture<LockLease> longOne = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        assertThat(question.request().lease()).isEqualTo(FIVE_SECONDS);
        shortOne.cancel(false);
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        LockLease lease = EngineFixture.now(longOne);
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));

        question.acquired(2);
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));
        this.clock.tick();
        this.store.expectNothing();
    }

    @Test
    void aSuspensionOfTheMachineCostsItsRealLength() {
        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(1_000);
        this.clock.suspend(Duration.ofSeconds(20));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.remaining()).isBetween(Duration.ofMillis(8_600), Duration.ofMillis(9_000));
        this.clock.advanceMillis(1_000);
        this.store.renew().renewed();
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 200, 2_000})
    void aClockThatStepsCostsTheStep(long millis) {
        LockLease lease = this.fixture.held();
        Duration before = lease.remaining();
        this.clock.suspend(Duration.ofMillis(millis));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.remaining()).isBetween(before.minusMillis(millis + 1), before);
        this.clock.advanceMillis(1_000);
        this.store.expectNothing();
    }

    @Test
    void whereOnlyTheWallClockEndsALeaseARenewalDecides() {
        LockLease lease = this.fixture.held();
        AtomicInteger losses = new AtomicInteger();
        lease.onLost(losses::incrementAndGet);
        this.clock.suspend(Duration.ofSeconds(60));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isFalse();
        assertThat(lease.remaining()).isZero();
        this.clock.advanceMillis(1_000);
        StoreCommand.Renew decisive = this.store.renew();
        assertThat(lease.isLost()).isFalse();

        decisive.renewed();
        assertThat(lease.isHeld()).isTrue();
        assertThat(losses).hasValue(0);
    }

    /** It does not count as closed, which would be the caller's own doing. */
    @Test
    void aDoubtfulLeaseCountsAsLostWhereItsRenewalMustNotBeAwaited() {
        LockLease lease = this.fixture.held();
        this.clock.suspend(Duration.ofSeconds(60));
        this.store.servedByThisThread();
        Assertions.assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::ensureHeld);
        assertThat(lease.isLost()).isFalse();
    }

    @Test
    void aDoubtfulLeaseIsLostWhenNobodyConfirmsItWithinTheCommandTimeOut() {
        LockLease lease = this.fixture.held();
        AtomicInteger losses = new AtomicInteger();
        lease.onLost(losses::incrementAndGet);
        this.clock.suspend(Duration.ofSeconds(60));
        this.clock.advanceMillis(1_000);
        this.store.renew().fail(Outcome.NOT_EXECUTED);
        this.clock.advanceMillis(20);
        this.store.renew();
        assertThat(lease.isLost()).isFalse();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        assertThat(lease.isLost()).isTrue();
        assertThat(losses).hasValue(1);
        Assertions.assertThatThrownBy(lease::ensureHeld)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("suspended");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDoubtfulHoldThatIsClosedWaitsForTheDecision(boolean held) {
        LockLease lease = this.fixture.held();
        this.clock.suspend(Duration.ofSeconds(60));
        lease.close();
        StoreCommand.Renew decisive = this.store.renew();
        this.store.expectNothing();
        if (held) {
            decisive.renewed();
            this.store.free().freed();
        } else {
            decisive.notOwner();
        }
        assertThat(lease.isLost()).isEqualTo(!held);
        this.fixture.expectNoTrace();
    }

    @Test
    void aThreadThatClosesADoubtfulHoldWaitsForTheDecision() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            }
        });
        LockLease lease = this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO));
        this.store.acquire();
        this.clock.suspend(Duration.ofSeconds(60));
        CompletableFuture<Void> answer =
                CompletableFuture.runAsync(() -> this.store.renew().notOwner());
        lease.close();
        assertThat(answer).succeedsWithin(Duration.ofSeconds(5));
        assertThat(lease.isLost()).isTrue();
        this.fixture.expectNoTrace();
    }

    @Test
    void aSuspensionDuringARenewalLeavesWhatTheRenewalProves() {
        LockLease lease = this.fixture.held();
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew underWay = this.store.renew();
        this.clock.suspend(Duration.ofSeconds(20));
        assertThat(lease.isHeld()).isFalse();
        this.clock.tick();
        this.store.expectNothing();

        underWay.renewed();
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.remaining()).isLessThan(Duration.ofSeconds(10));
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void aNextHoldIsRenewedWhenTheOldLeaseNeedsIt() {
        ScriptedStore scripted = new ScriptedStore(EngineFixture.FULL);
        FakeClock time = new FakeClock();
        DefaultLockEngine engine = new DefaultLockEngine(
                scripted,
                new EngineSettings(
                        "tests",
                        FIVE_SECONDS,
                        EngineFixture.COMMAND_TIMEOUT,
                        Duration.ofSeconds(1),
                        ReleaseWait.ASYNC,
                        EngineFixture.INLINE),
                time,
                EngineMonitor.NONE,
                () -> EngineFixture.INLINE);
        LockRequest request =
                EngineFixture.lease(EngineFixture.request(FIVE_SECONDS), LockOptions.MIN_LEASE_TIME, true);
        CompletableFuture<LockLease> first = engine.acquireAsync(
                        EngineFixture.lease(request, LockOptions.MIN_LEASE_TIME, false))
                .toCompletableFuture();
        scripted.acquire().acquired(1);
        time.advanceMillis(349);
        CompletableFuture<LockLease> second = engine.acquireAsync(request).toCompletableFuture();
        EngineFixture.now(first).close();
        assertThat(second).isCompleted();

        time.advanceMillis(10);
        scripted.renew().renewed();
        scripted.expectNothing();
    }

    @Test
    void aSuspensionThatCostTheLockIsNoticed() {
        LockLease lease = this.fixture.held(EngineFixture.LEASE, false);
        this.clock.advanceMillis(1_000);
        this.clock.suspend(Duration.ofSeconds(60));
        this.clock.advanceMillis(1_000);
        this.store.renew().notOwner();
        assertThat(lease.isLost()).isTrue();
    }

    @Test
    void aSuspensionBeforeTheAnswerLeavesNothingProven() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire acquire = this.store.acquire();
        this.clock.suspend(Duration.ofSeconds(60));
        this.clock.advanceMillis(400);
        acquire.acquired(1);
        assertThat(asked).isNotDone();
        this.store.renew().renewed();
        assertThat(EngineFixture.now(asked).isHeld()).isTrue();
    }

    @Test
    void aWallClockThatDriftsOrIsPutBackChangesNothing() {
        LockLease lease = this.fixture.held();
        for (int i = 0; i < 20; i++) {
            this.clock.suspend(Duration.ofMillis(50));
            this.clock.advanceMillis(400);
        }
        this.clock.suspend(Duration.ofHours(-1));
        assertThat(lease.isHeld()).isTrue();
        this.clock.advanceMillis(400);
        assertThat(lease.isHeld()).isTrue();
        this.store.expectNothing();
    }

    @Test
    void anExtensionThatNobodyAnswersIsNotWaitedForLongerThanOtherCommands() {
        LockLease first = this.fixture.held(FIVE_SECONDS, true);
        CompletableFuture<LockLease> second = this.fixture.ask(Duration.ofMinutes(1));
        first.close();
        this.store.renew();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusMillis(10));
        this.store.free().freed();
        this.store.acquire().acquired(2);
        assertThat(second).isCompleted();
    }

    private CompletableFuture<LockLease> waiting(Duration lease, boolean renew) {
        LockRequest request = EngineFixture.request(Duration.ofSeconds(60));
        return this.fixture.ask(EngineFixture.lease(request, lease, renew));
    }

    @Test
    void anInterruptedThreadClosesADoubtfulHoldToo() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            }
        });
        LockLease lease = this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO));
        this.store.acquire();
        this.clock.suspend(Duration.ofMinutes(1));
        Thread.currentThread().interrupt();
        lease.close();
        assertThat(Thread.interrupted()).isTrue();
        this.store.renew().renewed();
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    @Test
    void aClockThatStepsHasAllLeasesRenewedInOneBatch() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            }
        });
        for (int i = 0; i < 200; i++) {
            this.fixture.ask(EngineFixture.request("lock" + i, Duration.ZERO));
            this.store.acquire();
        }
        this.clock.suspend(Duration.ofMinutes(1));
        this.clock.advanceMillis(1_000);
        int renewals = 0;
        int batches = 0;
        while (this.store.hasNext()) {
            renewals += this.store.renew().renewals().size();
            batches++;
        }
        assertThat(renewals).isEqualTo(200);
        assertThat(batches).isLessThan(5);
    }
}
