package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Giving back: what the next caller of this process sees meanwhile, and what follows when nobody answers. */
class ReleaseTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void aCallerThatOvertakesOurOwnReleaseAsksAgainOnceThatIsAnswered() {
        LockLease lease = this.fixture.held();
        lease.close();
        StoreCommand.Release release = this.store.free();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        this.store.acquire().contended(release.tenure().owner(), Duration.ofSeconds(29), -1, 0);
        assertThat(attempt).isNotDone();
        this.store.expectNothing();

        release.freed();
        this.store.acquire().acquired(2);
        assertThat(attempt).isCompleted();
    }

    /** With several connections, an older answer may come after a newer one. */
    @Test
    void aCallerIsNotTurnedAwayByAnAnswerFromBeforeOurOwnReleaseThatComesAfterIt() {
        LockLease lease = this.fixture.held();
        lease.close();
        StoreCommand.Release release = this.store.free();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        StoreCommand.Acquire question = this.store.acquire();
        release.freed();
        question.contended(release.tenure().owner(), Duration.ofSeconds(29), -1, 0);
        assertThat(attempt).isNotDone();
        this.store.acquire().acquired(2);
        assertThat(attempt).isCompleted();
    }

    @Test
    void releasesThatNobodyWaitsForAreCountedUntilTheyAreAnsweredOrMadeUpFor() {
        Releases releases = this.fixture.engine.context.releases;
        this.fixture.held().close();
        StoreCommand.Release release = this.store.free();
        assertThat(releases.outstanding).hasValue(1);
        release.fail(Outcome.UNKNOWN);
        assertThat(releases.outstanding).hasValue(1);
        this.store.leave().done();
        assertThat(releases.outstanding).hasValue(0);

        this.fixture.held().close();
        this.store.free().freed();
        assertThat(releases.outstanding).hasValue(0);
    }

    @Test
    void whoWasBlockedForItsLeaseWaitsForTheAnswerWhileTooManyOthersAreUnderWay() throws InterruptedException {
        List<LockLease> leases = IntStream.range(0, Releases.MOST + 1)
                .mapToObj(i -> this.fixture.held(EngineFixture.request("lock" + i, Duration.ZERO)))
                .toList();
        leases.forEach(LockLease::close);
        List<StoreCommand.Release> releases =
                leases.stream().map(lease -> this.store.free()).toList();

        Thread blocked = new Thread(() -> this.fixture
                .engine
                .acquire(EngineFixture.request("last", Duration.ZERO))
                .close());
        blocked.start();
        this.store.acquire().acquired(1);
        StoreCommand.Release awaited = this.store.free();
        await().until(() -> blocked.getState() == Thread.State.TIMED_WAITING);
        awaited.freed();
        blocked.join();

        releases.forEach(StoreCommand.Release::freed);
        assertThat(this.fixture.engine.context.releases.outstanding).hasValue(0);
    }

    @Test
    void aReleaseOfUnknownOutcomeIsFollowedByLeaveUntilItIsAnswered() {
        this.fixture.held().close();
        StoreCommand.Release release = this.store.free();
        release.fail(Outcome.UNKNOWN);
        StoreCommand.Leave first = this.store.leave();
        assertThat(first.owner()).isEqualTo(release.tenure().owner());
        first.fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(100);
        StoreCommand.Leave second = this.store.leave();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.multipliedBy(10));
        this.store.expectNothing();
        second.fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(200);
        this.store.leave().done();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        this.store.leave().done();
        this.clock.advance(Duration.ofMinutes(1));
        this.fixture.expectNoTrace();
    }

    @Test
    void aCallerIsNotTurnedAwayByWhatOurFailedReleaseHasLeft() {
        this.fixture.held().close();
        StoreCommand.Release release = this.store.free();
        release.fail(Outcome.UNKNOWN);
        StoreCommand.Leave leave = this.store.leave();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        this.store.acquire().contended(release.tenure().owner(), Duration.ofSeconds(29), -1, 0);
        assertThat(attempt).isNotDone();
        leave.done();
        this.store.acquire().acquired(2);
        assertThat(attempt).isCompleted();
    }

    @Test
    void aCallerThatWaitsForOurOwnReleaseInVainCannotTell() {
        this.fixture.held().close();
        StoreCommand.Release release = this.store.free();
        CompletableFuture<LockLease> attempt = this.fixture.ask(Duration.ZERO);
        this.store.acquire().contended(release.tenure().owner(), Duration.ofSeconds(29), -1, 0);
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusMillis(10));
        assertThat(EngineFixture.refusal(attempt)).isInstanceOf(LockStoreException.class);
    }

    /** Over two connections: the store has seen the request before the release, whose answer has come first. */
    @Test
    void anAnswerThatNamesAnOwnerOfBeforeTheLastConnectionThatHasEndedIsAskedForOnceMore() {
        LockLease lease = this.fixture.held(fairRequest());
        this.store.reconnected();
        lease.close();
        StoreCommand.Release release = this.store.free();
        CompletableFuture<LockLease> attempt = this.fixture.ask(new LockRequest(
                EngineFixture.request(Duration.ZERO).name(), Duration.ZERO, EngineFixture.LEASE, true, true, null));
        StoreCommand.Acquire overtaking = this.store.acquire();
        release.freed();
        overtaking.contended(release.tenure().owner(), Duration.ofSeconds(29), -1, 0);
        this.store.acquire().acquired(2);
        assertThat(EngineFixture.now(attempt).isHeld()).isTrue();
    }

    @Test
    void answersOfOneQueueEnterAnotherWithoutItsGuard() throws InterruptedException {
        LockLease lease = this.fixture.held(fairRequest());
        LocalQueue released = this.fixture.engine.queues.values().iterator().next();
        lease.close();
        StoreCommand.Release release = this.store.free();
        CompletableFuture<LockLease> other = this.fixture.ask(fairRequest());
        StoreCommand.Acquire acquire = this.store.acquire();
        acquire.contended(release.tenure().owner(), Duration.ofSeconds(29), 0, 0);

        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch checked = new CountDownLatch(1);
        this.store.answerAtOnce(command -> {
            asked.countDown();
            awaitQuietly(checked);
        });
        Thread answering = new Thread(release::freed);
        answering.start();
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> guardIsFree = CompletableFuture.runAsync(() -> released.guard.run(now -> {}));
        assertThat(guardIsFree).succeedsWithin(Duration.ofSeconds(5));
        checked.countDown();
        answering.join(5_000);
        this.store.acquire().acquired(2);
        assertThat(other).isCompleted();
    }

    private static LockRequest fairRequest() {
        LockRequest request = EngineFixture.request(Duration.ofSeconds(60));
        return new LockRequest(request.name(), request.waitTime(), request.leaseTime(), true, true, null);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closingDoesNotWaitForTheStoreByDefault() {
        this.fixture.held().close();
        this.store.free();
    }

    @Test
    void closingWaitsForTheAnswerWhenAskedTo() {
        EngineFixture sync = new EngineFixture(EngineFixture.FULL, ReleaseWait.SYNC, EngineFixture.INLINE);
        LockLease lease = sync.held();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(lease::close);
        StoreCommand.Release release = sync.store.free();
        assertThat(closing).isNotDone();
        release.freed();
        assertThat(closing).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void closingWaitsForTheLeaveThatMakesUpForAFailedRelease() {
        EngineFixture sync = new EngineFixture(EngineFixture.FULL, ReleaseWait.SYNC, EngineFixture.INLINE);
        LockLease lease = sync.held();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(lease::close);
        sync.store.free().fail(Outcome.UNKNOWN);
        StoreCommand.Leave leave = sync.store.leave();
        assertThat(closing).isNotDone();
        leave.done();
        assertThat(closing).succeedsWithin(Duration.ofSeconds(5));
    }

    /** Another thread asks again and again while leases are closed. */
    @Test
    void aLeaseThatIsClosedInTimeIsNeverSaidToBeLost() throws InterruptedException {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                this.store.acquire().acquired(1);
            } else if (command instanceof StoreCommand.Release release) {
                this.store.free().freed();
            }
        });
        AtomicReference<LockLease> newest = new AtomicReference<>(this.fixture.engine.acquire(fairRequest()));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger lost = new AtomicInteger();
        Thread watcher = new Thread(() -> {
            while (!over.get()) {
                lost.addAndGet(newest.get().isLost() ? 1 : 0);
            }
        });
        watcher.start();
        for (int i = 0; i < 100_000; i++) {
            newest.get().close();
            newest.set(this.fixture.engine.acquire(fairRequest()));
        }
        over.set(true);
        watcher.join();
        newest.get().close();
        assertThat(lost).hasValue(0);
    }

    @Test
    void aLeaseMayBeClosedTwiceAndByAnotherThread() {
        LockLease lease = this.fixture.held();
        assertThat(CompletableFuture.runAsync(lease::close)).succeedsWithin(Duration.ofSeconds(5));
        lease.close();
        this.store.free().freed();
        this.fixture.expectNoTrace();
    }

    @Test
    void anOldQuestionThatIsAnsweredDuringTheReleaseIsTakenBack() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        EngineFixture.now(asked).close();
        StoreCommand.Release release = this.store.free();
        question.acquired(2);
        this.store.expectNothing();
        release.freed();
        assertThat(this.store.leave().owner()).isEqualTo(question.owner());
    }

    @Test
    void anOldQuestionThatIsAnsweredDuringAKeepCostsNoLock() {
        CompletableFuture<LockLease> first = this.fixture.ask();
        CompletableFuture<LockLease> second = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        EngineFixture.now(first).close();
        StoreCommand.Release keep = this.store.keep();
        question.acquired(2);
        keep.kept(3);
        assertThat(EngineFixture.now(second).isHeld()).isTrue();
        this.store.expectNothing();
    }

    @Test
    void anOldQuestionThatIsAnsweredAfterTheReleaseIsTakenBack() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.store.grant(question, 1, Duration.ofSeconds(2), 0);
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        EngineFixture.now(asked).close();
        this.store.free().freed();
        question.contended();
        assertThat(this.store.leave().owner()).isEqualTo(question.owner());
    }

    @Test
    void aHoldThatEndsAfterItsLeaseStillGivesTheLockBack() {
        LockLease lease = this.fixture.held(Duration.ofSeconds(5), false);
        this.clock.freeze(Duration.ofSeconds(6));
        assertThat(lease.isLost()).isTrue();
        lease.close();
        this.store.free().freed();
        assertThat(lease.isLost()).isTrue();
        this.fixture.expectNoTrace();
    }

    @Test
    void aContendedAnswerThatNamesOurOwnLiveTenureIsContention() {
        CompletableFuture<LockLease> first = this.fixture.ask();
        StoreCommand.Acquire acquire = this.store.acquire();
        String owner = acquire.owner();
        acquire.acquired(1);
        LockLease lease = EngineFixture.now(first);
        CompletableFuture<LockLease> other = this.fixture.ask(new LockRequest(
                EngineFixture.request(Duration.ZERO).name(), Duration.ZERO, EngineFixture.LEASE, true, true, null));
        this.store.acquire().contended(owner, Duration.ofSeconds(29), -1, 0);
        assertThat(EngineFixture.refusal(other)).isInstanceOf(LockNotAcquiredException.class);
        assertThat(lease.isHeld()).isTrue();
    }
    /** The stage is never completed, so that the timer gives the hold back. */
    @Test
    void theTimerWaitsForNoRelease() {
        EngineFixture sync = new EngineFixture(EngineFixture.FULL, ReleaseWait.SYNC, new DeferringExecutor());
        sync.ask();
        sync.store.acquire().acquired(1);
        CompletableFuture<Void> timer = CompletableFuture.runAsync(
                () -> sync.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusSeconds(1)),
                task -> new Thread(task).start());
        StoreCommand.Release release = sync.store.free();
        assertThat(timer).as("while the release is not answered").succeedsWithin(Duration.ofSeconds(1));
        release.freed();
    }

    @Test
    void theThreadOfTheStoreWaitsForNoRelease() {
        EngineFixture sync = new EngineFixture(EngineFixture.FULL, ReleaseWait.SYNC, EngineFixture.INLINE);
        LockLease lease = sync.held();
        sync.clock.suspend(Duration.ofMinutes(1));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(lease::close, task -> new Thread(task).start());
        StoreCommand.Renew decisive = sync.store.renew();
        CompletableFuture<Void> answering =
                CompletableFuture.runAsync(decisive::renewed, task -> new Thread(task).start());
        StoreCommand.Release release = sync.store.free();
        assertThat(answering).as("while the release is not answered").succeedsWithin(Duration.ofSeconds(1));
        release.freed();
        assertThat(closing).succeedsWithin(Duration.ofSeconds(5));
    }
}
