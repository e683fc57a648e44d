package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What closing the engine does to those who wait, hold, and release. */
class ShutdownTests {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    @Test
    void refusesNewCallers() {
        this.fixture.engine.close();
        assertThat(EngineFixture.refusal(this.fixture.ask()))
                .isInstanceOf(LockShutdownException.class)
                .hasMessageContaining("'lock'");
        assertThatThrownBy(() -> this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO)))
                .isInstanceOf(LockShutdownException.class);
        assertThatThrownBy(() -> this.fixture.engine.holder(LockName.of("lock")))
                .isInstanceOf(LockShutdownException.class);
        this.fixture.expectNoTrace();
        assertThat(this.fixture.clock.isShutDown()).isTrue();
    }

    @Test
    void endsWaitingCallersAndTheirRequests() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        CallingThread caller = this.fixture.call(EngineFixture.request(SOON)).parked();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(this.fixture.engine::close);
        StoreCommand.Leave leave = this.store.leave();
        assertThat(leave.owner()).isEqualTo(question.owner());
        assertThat(caller.failure()).isInstanceOf(LockShutdownException.class);
        assertThat(closing).isNotDone();
        leave.done();
        assertThat(closing).succeedsWithin(Duration.ofMillis(1_500));
        assertThat(EngineFixture.refusal(asked)).isInstanceOf(LockShutdownException.class);
        this.fixture.expectNoTrace();
    }

    @Test
    void marksHoldsInUseAsLostAndNeverReleasesThem() {
        LockLease lease = this.fixture.held();
        AtomicInteger calls = new AtomicInteger();
        lease.onLost(calls::incrementAndGet);
        this.fixture.engine.close();
        assertThat(calls).hasValue(1);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isTrue();
        lease.close();
        this.fixture.expectNoTrace();
    }

    @Test
    void freesNothingUnderARunningBodyWhateverArrivesLate() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        this.fixture.clock.advanceMillis(10);
        this.store.renew().renewed();
        assertThat(asked).isCompleted();
        this.fixture.engine.close();
        question.acquired(2);
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        this.store.expectNothing();
    }

    @Test
    void awaitsReleasesAndTheirLeaves() {
        this.fixture.held().close();
        StoreCommand.Release release = this.store.free();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(this.fixture.engine::close);
        release.fail(Outcome.UNKNOWN);
        StoreCommand.Leave leave = this.store.leave();
        assertThat(closing).isNotDone();
        leave.done();
        assertThat(closing).succeedsWithin(Duration.ofMillis(1_500));
    }

    @Test
    void awaitsReleasesThatAreUnderWay() throws InterruptedException {
        this.fixture.held().close();
        StoreCommand.Release release = this.store.free();
        Thread closing = startClosing();
        assertThat(closing.isAlive()).isTrue();
        release.freed();
        closing.join(1_500);
        assertThat(closing.isAlive()).isFalse();
        this.fixture.expectNoTrace();
    }

    @Test
    void awaitsLeavesThatWereUnderWayBefore() throws InterruptedException {
        this.fixture.held().close();
        this.store.free().fail(Outcome.UNKNOWN);
        StoreCommand.Leave leave = this.store.leave();
        Thread closing = startClosing();
        assertThat(closing.isAlive()).isTrue();
        leave.done();
        closing.join(1_500);
        assertThat(closing.isAlive()).isFalse();
    }

    /** Returns once the shutdown waits for something, or is over. */
    private Thread startClosing() {
        Thread closing = new Thread(this.fixture.engine::close);
        closing.start();
        await().until(() ->
                closing.getState() == Thread.State.TIMED_WAITING || closing.getState() == Thread.State.TERMINATED);
        return closing;
    }

    /** Otherwise a shutdown in between would not wait for it. */
    @Test
    void anOwnerIsOnItsWayOutBeforeItIsForgotten() {
        this.fixture.held().close();
        StoreCommand.Release release = this.store.free();
        AtomicBoolean known = new AtomicBoolean();
        this.store.answerAtOnce(command ->
                known.set(this.fixture.engine.tenures.of(release.tenure().owner()) != null));
        release.fail(Outcome.UNKNOWN);
        this.store.leave().done();
        assertThat(known).isTrue();
        this.fixture.expectNoTrace();
    }

    @Test
    void givesBackWhatAKeepReturns() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.fixture.clock.advanceMillis(10);
        first.close();
        StoreCommand.Release keep = this.store.keep();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(this.fixture.engine::close);
        assertThat(second).failsWithin(SOON);
        keep.kept(2);
        this.store.free().freed();
        assertThat(closing).succeedsWithin(Duration.ofMillis(1_500));
        this.fixture.expectNoTrace();
    }

    @Test
    void mayBeClosedTwice() {
        this.fixture.engine.close();
        this.fixture.engine.close();
    }
}
