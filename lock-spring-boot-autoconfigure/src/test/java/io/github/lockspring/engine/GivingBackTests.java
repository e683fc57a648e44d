package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.ReleaseResult;
import io.github.lockspring.store.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a caller learns that wants to know what came of giving its lock back. */
class GivingBackTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void theLockIsGivenBackOnceTheStoreSaysSo() {
        LockLease lease = this.fixture.held();
        CompletableFuture<ReleaseResult> result = released(lease);
        StoreCommand.Release release = this.store.free();
        assertThat(lease.isHeld()).isFalse();
        assertThat(result).isNotDone();

        release.freed();
        assertThat(result).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
        lease.close();
        this.fixture.expectNoTraceEver();
    }

    @Test
    void aLockThatAnotherProcessGotIsGivenBack() {
        CompletableFuture<ReleaseResult> result = released(this.fixture.held());
        this.store.free().handedOver();
        assertThat(result).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
    }

    @Test
    void aLockThatTheNextCallerOfThisProcessGotIsGivenBack() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> next = this.fixture.ask();
        CompletableFuture<ReleaseResult> result = released(first);
        assertThat(result).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
        assertThat(EngineFixture.now(next).isHeld()).isTrue();
        this.store.expectNothing();
    }

    /** The store decides who is next: its answer tells about this hold, too. */
    @Test
    void aLockThatTheStoreKeepsForTheNextCallerIsGivenBack() {
        CompletableFuture<ReleaseResult> result = releasedAsTheTurnIsOver();
        StoreCommand.Release keep = this.store.keep();
        assertThat(result).isNotDone();
        keep.kept(2);
        assertThat(result).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
    }

    @Test
    void aLockThatTheStoreGaveToOthersBeforeTheNextCallerIsLost() {
        CompletableFuture<ReleaseResult> result = releasedAsTheTurnIsOver();
        this.store.keep().answer(new ReleaseOutcome.NotOwner());
        assertThat(result).isCompletedWithValue(ReleaseResult.LOST);
    }

    private CompletableFuture<ReleaseResult> releasedAsTheTurnIsOver() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> next = this.fixture.ask();
        this.clock.advanceMillis(20);
        CompletableFuture<ReleaseResult> result = released(first);
        assertThat(next).isNotDone();
        return result;
    }

    @Test
    void aLockThatWasNotOursAnyMoreIsLost() {
        LockLease lease = this.fixture.held();
        CompletableFuture<ReleaseResult> result = released(lease);
        this.store.free().answer(new ReleaseOutcome.NotOwner());
        assertThat(result).isCompletedWithValue(ReleaseResult.LOST);
    }

    @Test
    void aLostLeaseIsLost() {
        LockLease lease = this.fixture.held();
        this.clock.advance(Duration.ofSeconds(11));
        this.store.renew().notOwner();
        assertThat(lease.isLost()).isTrue();
        assertThat(released(lease)).isCompletedWithValue(ReleaseResult.LOST);
    }

    @Test
    void aReleaseWhoseOutcomeIsUnknownFails() {
        CompletableFuture<ReleaseResult> result = released(this.fixture.held());
        this.store.free().fail(Outcome.UNKNOWN);
        assertThat(failureOf(result))
                .isInstanceOfSatisfying(LockStoreException.class, failure -> {
                    assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN);
                    assertThat(failure.getLockName()).isEqualTo("lock");
                })
                .hasMessageContaining("'lock'");
        this.store.leave().done();
    }

    @Test
    void aReleaseThatIsNotAnsweredFailsAfterTheCommandTimeout() {
        CompletableFuture<ReleaseResult> result = released(this.fixture.held());
        this.store.free();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.minusMillis(10));
        assertThat(result).isNotDone();
        this.clock.advanceMillis(20);
        assertThat(failureOf(result)).isInstanceOf(LockStoreException.class);
        this.store.leave().done();
    }

    @Test
    void anInnerLeaseGivesNothingBack() {
        LockLease outer = this.fixture.held();
        LockRequest request = EngineFixture.request(Duration.ZERO);
        LockLease inner = EngineFixture.now(this.fixture.ask(new LockRequest(
                request.name(), request.waitTime(), request.leaseTime(), request.renew(), request.fair(), outer)));
        assertThat(released(inner)).isCompletedWithValue(ReleaseResult.STILL_HELD);
        assertThat(outer.isHeld()).isTrue();
        this.store.expectNothing();
        CompletableFuture<ReleaseResult> result = released(outer);
        this.store.free().freed();
        assertThat(result).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
    }

    @Test
    void itIsToldOnce() {
        LockLease lease = this.fixture.held();
        lease.close();
        this.store.free().freed();
        assertThat(failureOf(released(lease)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'lock'");
    }

    @Test
    void nobodyWaitsForTheAnswerWhereReleasesAreAwaited() {
        EngineFixture sync = new EngineFixture(EngineFixture.FULL, ReleaseWait.SYNC, EngineFixture.INLINE);
        CompletableFuture<ReleaseResult> result = released(sync.held());
        assertThat(result).isNotDone();
        sync.store.free().freed();
        assertThat(result).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
    }

    @Test
    void theStageCompletesOnTheCallbackExecutor() {
        DeferringExecutor executor = new DeferringExecutor();
        EngineFixture deferring = new EngineFixture(EngineFixture.FULL, ReleaseWait.ASYNC, executor);
        CompletableFuture<LockLease> asked = deferring.ask();
        deferring.store.acquire().acquired(1);
        executor.runAll();
        CompletableFuture<ReleaseResult> result = released(EngineFixture.now(asked));
        deferring.store.free().freed();
        assertThat(result).isNotDone();
        executor.runAll();
        assertThat(result).isCompletedWithValue(ReleaseResult.GIVEN_BACK);
    }

    private static CompletableFuture<ReleaseResult> released(LockLease lease) {
        return lease.release().toCompletableFuture();
    }

    private static Throwable failureOf(CompletableFuture<ReleaseResult> result) {
        assertThat(result).isCompletedExceptionally();
        return result.handle((value, failure) -> failure).join();
    }
}
