package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.InTransaction;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockDurations;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.OnLost;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.StoreCapability;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds that last for at least, or at most, a while, and leases that are extended by hand. */
class HoldTimeTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    // ---- at least ----

    @Test
    void aHoldThatEndsEarlyLeavesTheLockLockedForTheRestOfItsTime() {
        CompletableFuture<LockLease> asked = this.fixture.ask(atLeast(MINUTE));
        StoreCommand.Acquire acquire = this.store.acquire();
        assertThat(acquire.request().lease()).isEqualTo(MINUTE);
        acquire.acquired(1);
        this.clock.advanceMillis(10);

        EngineFixture.now(asked).close();
        StoreCommand.Release release = this.store.release();
        assertThat(release.mode()).isEqualTo(new ReleaseMode.ExpireAfter(MINUTE.minusMillis(10)));
        release.answer(new ReleaseOutcome.Expiring());
        this.fixture.expectNoTraceEver();
    }

    @Test
    void itsOwnerIsTheHolderForTheRestOfItsTime() {
        this.fixture.held(atLeast(MINUTE)).close();
        StoreCommand.Release release = this.store.release();
        release.answer(new ReleaseOutcome.Expiring());
        LockHolder last = new LockHolder(release.tenure().owner(), MINUTE);
        this.store.answerHolder(CompletableFuture.completedFuture(Optional.of(last)));

        assertThat(this.fixture.engine.holder(LockName.of("lock"))).contains(last);
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        this.store.acquire().contended(last.owner(), MINUTE, -1, 0);
        this.store.acquire().contended(last.owner(), MINUTE, -1, 0);
        assertThat(EngineFixture.refusal(asked))
                .isInstanceOfSatisfying(
                        LockNotAcquiredException.class,
                        refused -> assertThat(refused.getHolder()).isEqualTo(last));
    }

    @Test
    void aLockThatMustExpireIsNotFreedWhenTheStoreDoesNotAnswer() {
        this.fixture.held(atLeast(MINUTE)).close();
        this.store.release().fail(Outcome.UNKNOWN);
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aHoldThatLastsLongEnoughIsReleasedAsUsual() {
        LockLease lease = this.fixture.held(atLeast(Duration.ofSeconds(2)));
        this.clock.advanceMillis(2_000);
        lease.close();
        this.store.free().freed();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void theRestOfTheTimeIsContentionForCallersOfThisProcessToo() {
        LockLease lease = this.fixture.held(atLeast(MINUTE));
        CompletableFuture<LockLease> patient = this.fixture.ask();
        lease.close();
        StoreCommand.Release release = this.store.release();
        CompletableFuture<LockLease> hasty = this.fixture.ask(Duration.ZERO);
        assertThat(patient).isNotDone();

        release.answer(new ReleaseOutcome.Expiring());
        assertThat(EngineFixture.refusal(hasty)).isInstanceOf(LockNotAcquiredException.class);
        assertThat(patient).isNotDone();
        this.store.acquire().acquired(2);
        assertThat(patient).isCompleted();
    }

    /** A grant is for two seconds: the process could end right after it. */
    @Test
    void aGrantedHoldBeginsWhenTheStoreHasConfirmedTheWholeTime() {
        CompletableFuture<LockLease> asked = this.fixture.ask(atLeast(MINUTE));
        StoreCommand.Acquire acquire = this.store.acquire();
        acquire.contended();
        this.store.grant(acquire, 5, Duration.ofSeconds(2), 0);
        assertThat(asked).isNotDone();
        StoreCommand.Renew renew = this.store.renew();
        assertThat(renew.lease()).isEqualTo(MINUTE);
        renew.renewed();
        assertThat(asked).isCompleted();
    }

    @Test
    void aHoldThatIsHandedOffHasTheWholeTimeAsWell() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> next = this.fixture.ask(atLeast(MINUTE));
        first.close();
        assertThat(next).isNotDone();
        StoreCommand.Renew renew = this.store.renew();
        assertThat(renew.lease()).isEqualTo(MINUTE);
        renew.renewed();
        assertThat(next).isCompleted();
    }

    @Test
    void withoutRenewalTheLeaseLastsForTheLongerTime() {
        LockRequest request =
                request(Duration.ofSeconds(5), false, Duration.ofSeconds(20), LockDurations.FOREVER, true);
        LockLease lease = this.fixture.held(request);
        this.clock.advance(Duration.ofSeconds(19));
        this.store.expectNothing();
        assertThat(lease.isHeld()).isTrue();
        this.clock.advance(Duration.ofSeconds(1));
        assertThat(lease.isLost()).isTrue();
    }

    @Test
    void aStoreThatCannotKeepOthersOutSaysSo() {
        EngineFixture other = new EngineFixture(
                Set.of(StoreCapability.QUEUE, StoreCapability.KEEP), ReleaseWait.ASYNC, EngineFixture.INLINE);
        assertThatThrownBy(() -> other.ask(atLeast(MINUTE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Lock 'lock'")
                .hasMessageContaining("omit holdAtLeast");
    }

    @Test
    void aStoreWithoutQueueRefusesFairCallers() {
        EngineFixture other = new EngineFixture(Set.of(), ReleaseWait.ASYNC, EngineFixture.INLINE);
        LockRequest fair =
                new LockRequest(LockName.of("lock"), Duration.ofSeconds(1), EngineFixture.LEASE, true, true, null);
        assertThatThrownBy(() -> other.ask(fair))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("omit fair");
    }

    /** The executor has no thread for the caller in time; no work has run. */
    @Test
    void aHoldThatIsNotHandedOutInTimeKeepsNoOtherCallerOut() {
        DeferringExecutor executor = new DeferringExecutor();
        EngineFixture late = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<LockLease> asked = late.ask(atLeast(MINUTE));
        late.store.acquire().acquired(1);
        late.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusSeconds(1));
        late.store.free().freed();

        executor.runAll();
        assertThat(EngineFixture.refusal(asked)).isInstanceOf(LockStoreException.class);
        late.expectNoTraceEver();
    }

    @Test
    void aHoldWhoseCallerHasCancelledKeepsNoOtherCallerOut() {
        DeferringExecutor executor = new DeferringExecutor();
        EngineFixture late = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<LockLease> asked = late.ask(atLeast(MINUTE));
        late.store.acquire().acquired(1);
        asked.cancel(false);
        executor.runAll();
        late.store.free().freed();
        late.expectNoTraceEver();
    }

    // ---- at most ----

    @Test
    void aHoldIsLostWhenItsLongestTimeIsOver() {
        LockLease lease = this.fixture.held(atMost(MINUTE));
        AtomicReference<String> told = new AtomicReference<>();
        lease.onLost(() -> told.set("lost"));
        renewEverything();
        this.clock.advance(MINUTE.minusMillis(1));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(1));

        this.clock.advanceMillis(1);
        assertThat(told).hasValue("lost");
        assertThat(lease.isLost()).isTrue();
        assertThatThrownBy(lease::ensureHeld)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("its maximum hold time PT1M has elapsed");
    }

    /** The next owner need not wait for a lease that nobody has any longer. */
    @Test
    void renewalsHardlyExtendTheLeaseBeyondTheLongestTime() {
        this.fixture.held(atMost(MINUTE));
        AtomicReference<Duration> last = new AtomicReference<>(EngineFixture.LEASE);
        AtomicReference<Duration> endsAt = new AtomicReference<>(EngineFixture.LEASE);
        long begin = this.clock.nanoTime();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                last.set(renew.lease());
                endsAt.set(Duration.ofNanos(this.clock.nanoTime() - begin).plus(renew.lease()));
                renew.renewed();
            }
        });
        this.clock.advance(MINUTE);
        assertThat(last.get()).isLessThan(EngineFixture.LEASE);
        assertThat(endsAt.get()).isBetween(MINUTE, MINUTE.plusSeconds(1));
    }

    @Test
    void everyHoldHasItsOwnLongestTime() {
        LockLease first = this.fixture.held(atMost(MINUTE));
        renewEverything();
        this.clock.advance(Duration.ofSeconds(50));
        CompletableFuture<LockLease> next = this.fixture.ask(atMost(MINUTE));
        first.close();
        this.clock.advance(Duration.ofSeconds(50));
        assertThat(EngineFixture.now(next).isHeld()).isTrue();
        this.clock.advance(Duration.ofSeconds(10));
        assertThat(EngineFixture.now(next).isLost()).isTrue();
    }

    @Test
    void aHoldWithoutLongestTimeFollowsOneThatHadOne() {
        LockLease first = this.fixture.held(atMost(MINUTE));
        renewEverything();
        CompletableFuture<LockLease> next = this.fixture.ask();
        first.close();
        this.clock.advance(Duration.ofMinutes(5));
        assertThat(EngineFixture.now(next).isHeld()).isTrue();
    }

    // ---- extended by hand ----

    @Test
    void anExtensionLastsAlsoWithoutRenewal() {
        LockLease lease = this.fixture.held(Duration.ofSeconds(5), false);
        this.clock.advance(Duration.ofSeconds(4));
        renewEverything();
        assertThat(lease.extend(MINUTE)).isBetween(Duration.ofSeconds(59), MINUTE);
        this.clock.advance(Duration.ofSeconds(59));
        assertThat(lease.isHeld()).isTrue();
        this.clock.advance(Duration.ofSeconds(1));
        assertThat(lease.isLost()).isTrue();
    }

    @Test
    void anExtensionNeverShortensTheLease() {
        LockLease lease = this.fixture.held();
        assertThat(lease.extend(Duration.ofSeconds(1))).isGreaterThan(Duration.ofSeconds(29));
        this.store.expectNothing();
    }

    @Test
    void anExtensionOfAReenteredHoldExtendsTheOneHold() {
        LockLease outer = this.fixture.held(Duration.ofSeconds(5), false);
        LockLease inner = EngineFixture.now(this.fixture.ask(
                new LockRequest(LockName.of("lock"), Duration.ZERO, EngineFixture.LEASE, true, false, outer)));
        renewEverything();
        inner.extend(MINUTE);
        inner.close();
        this.clock.advance(Duration.ofSeconds(30));
        assertThat(outer.isHeld()).isTrue();
    }

    @Test
    void theLongestTimeEndsAnExtendedHold() {
        LockLease lease = this.fixture.held(atMost(MINUTE));
        renewEverything();
        assertThat(lease.extend(Duration.ofHours(1))).isEqualTo(MINUTE);
    }

    @Test
    void anExtensionThatComesTooLateSaysSo() {
        LockLease lease = this.fixture.held(Duration.ofSeconds(5), false);
        this.clock.advance(Duration.ofSeconds(6));
        assertThatThrownBy(() -> lease.extend(MINUTE)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void anExtensionFindsThatTheLockIsLost() {
        LockLease lease = this.fixture.held();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                renew.notOwner();
            }
        });
        assertThatThrownBy(() -> lease.extend(MINUTE)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void anExtensionThatFailsLeavesTheLeaseAsItIs() {
        LockLease lease = this.fixture.held();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                renew.fail(Outcome.UNKNOWN);
            }
        });
        assertThatThrownBy(() -> lease.extend(MINUTE))
                .isInstanceOf(LockStoreException.class)
                .hasMessageContaining("Lease of lock 'lock' may not have been extended");
        assertThat(lease.isHeld()).isTrue();
    }

    /** Otherwise others would wait until the end of a time that no caller has. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anExtensionThatTheStoreExecutesAfterTheLossIsUndone(boolean lossIsNoticed) {
        LockLease lease = this.fixture.held(Duration.ofSeconds(5), false);
        this.clock.advanceMillis(4_000);
        CompletableFuture<Duration> extended = CompletableFuture.supplyAsync(() -> lease.extend(MINUTE));
        StoreCommand.Renew late = this.store.renew();
        if (lossIsNoticed) {
            this.clock.advanceMillis(1_500);
        } else {
            this.clock.freeze(Duration.ofMillis(1_500));
        }
        assertThat(lease.isLost()).isTrue();

        late.renewed();
        assertThat(extended)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withCauseInstanceOf(LeaseLostException.class);
        lease.close();
        this.store.leave().done();
        this.fixture.expectNoTraceEver();
    }

    /** A renewal that is confirmed later is shorter, and the store never shortens a lease. */
    @Test
    void anExtensionOfUnknownOutcomeIsUndoneAfterALossAlsoIfALaterRenewalSucceeded() {
        LockLease lease = this.fixture.held();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                if (renew.lease().equals(MINUTE)) {
                    renew.fail(Outcome.UNKNOWN);
                } else {
                    renew.renewed();
                }
            }
        });
        assertThatThrownBy(() -> lease.extend(MINUTE)).isInstanceOf(LockStoreException.class);
        this.clock.advanceMillis(15_000);
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(20));
        while (this.store.hasNext()) {
            this.store.renew();
        }

        this.clock.freeze(Duration.ofSeconds(40));
        this.clock.tick();
        assertThat(lease.isLost()).isTrue();
        lease.close();
        this.store.leave().done();
        this.fixture.expectNoTraceEver();
    }

    /** Nothing can be left that its caller does not know of. */
    @Test
    void anExtensionThatTheStoreHasConfirmedIsNotUndoneAfterALoss() {
        LockLease lease = this.fixture.held(Duration.ofSeconds(5), false);
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                renew.renewed();
            }
        });
        lease.extend(MINUTE);
        this.store.renew();
        this.clock.advance(MINUTE);
        assertThat(lease.isLost()).isTrue();
        lease.close();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aClosedLeaseIsNotExtended() {
        LockLease lease = this.fixture.held();
        lease.close();
        assertThatThrownBy(() -> lease.extend(MINUTE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lease.extend(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- not reentrant ----

    @Test
    void anInnerCallThatMustNotReenterIsRefusedImmediately() {
        LockLease outer = this.fixture.held();
        assertThat(EngineFixture.refusal(this.fixture.ask(EngineFixture.notReentrant(MINUTE, outer))))
                .isInstanceOf(LockNotAcquiredException.class)
                .hasMessageContaining("Lock 'lock'")
                .hasMessageContaining("reentrant = false");
        this.store.expectNothing();
        assertThat(outer.isHeld()).isTrue();
    }

    /** Blocking calls find the hold of their thread; asynchronous ones are told. */
    @Test
    void everyWayOfAskingIsRefusedThatMustNotReenter() {
        LockTemplate template = new LockTemplate(this.fixture.engine, LockSettings.DEFAULTS);
        LockOptions inner = LockOptions.named("lock").reentrant(false).waitTime(MINUTE);
        try (LockLease outer = heldByThisThread(template)) {
            assertNotReentrant(() -> template.acquire(inner));
            assertNotReentrant(() -> template.acquireUninterruptibly(inner));
            assertNotReentrant(() -> template.run(inner, () -> {
                throw new AssertionError("must not run");
            }));
            assertThat(template.tryAcquire(inner)).isEmpty();
            assertThat(template.tryAcquire(inner, MINUTE)).isEmpty();
            assertThat(template.tryExecute(inner, LockLease::name)).isEmpty();
            assertThat(template.tryAcquireAsync(inner.within(outer), MINUTE).toCompletableFuture())
                    .isCompletedWithValue(Optional.empty());
            this.store.expectNothing();
            assertThat(outer.isHeld()).isTrue();
        }
    }

    @Test
    void aCallThatMustNotReenterGetsAnotherLock() {
        LockTemplate template = new LockTemplate(this.fixture.engine, LockSettings.DEFAULTS);
        LockOptions other = LockOptions.named("other").reentrant(false);
        try (LockLease outer = heldByThisThread(template)) {
            assertThat(template.tryAcquire(other)).hasValueSatisfying(LockLease::close);
            assertThat(outer.isHeld()).isTrue();
        }
    }

    private LockLease heldByThisThread(LockTemplate template) {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            }
        });
        LockLease held = template.acquire(LockOptions.named("lock"));
        this.store.acquire();
        return held;
    }

    private static void assertNotReentrant(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(LockNotAcquiredException.class).hasMessageContaining("reentrant = false");
    }

    private void renewEverything() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Renew renew) {
                renew.renewed();
            } else if (command instanceof StoreCommand.Release release) {
                release.kept(2);
            }
        });
    }

    private static LockRequest atLeast(Duration time) {
        return request(EngineFixture.LEASE, true, time, LockDurations.FOREVER, true);
    }

    private static LockRequest atMost(Duration time) {
        return request(EngineFixture.LEASE, true, Duration.ZERO, time, true);
    }

    private static LockRequest request(
            Duration lease, boolean renew, Duration atLeast, Duration atMost, boolean reentrant) {
        return new LockRequest(
                LockName.of("lock"),
                Duration.ofSeconds(10),
                lease,
                renew,
                atLeast,
                atMost,
                false,
                reentrant,
                OnLost.THROW,
                InTransaction.DEFER,
                null);
    }
}
