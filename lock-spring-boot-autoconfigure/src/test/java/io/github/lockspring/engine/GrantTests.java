package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Which grants begin a hold, until when they prove it, and what becomes of those that nobody awaits. */
class GrantTests {

    private static final Duration GRANT_LEASE = Duration.ofSeconds(2);

    private static final long SECOND = 1_000_000;

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void aGrantBeginsTheHoldAndIsExtendedSoon() {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), 0, 10 * SECOND);
        this.clock.advanceMillis(150);
        this.store.grant(question, 4, GRANT_LEASE, 10 * SECOND + 100_000);

        LockLease lease = EngineFixture.now(asked);
        assertThat(lease.fencingToken()).isEqualTo(4 * 2048);
        assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(2_000 - 30 - 50));
        this.store.expectNothing();
        this.clock.advanceMillis(10);
        StoreCommand.Renew extension = this.store.renew();
        assertThat(extension.lease()).isEqualTo(EngineFixture.LEASE);
        extension.renewed();
        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(29));
        this.store.expectNothing();
    }

    @Test
    void aThreadWakesOnceAndHasTheLockThen() {
        CallingThread caller =
                this.fixture.call(EngineFixture.request(Duration.ofSeconds(10))).parked();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        this.store.grant(question, 4, GRANT_LEASE, 0);

        assertThat(caller.lease().isHeld()).isTrue();
        assertThat(this.clock.parks()).isEqualTo(1);
    }

    @Test
    void aShortHoldNeedsNoMoreThanTheGrant() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        this.clock.advanceMillis(5);
        EngineFixture.now(asked).close();
        this.store.free().freed();

        this.clock.advanceMillis(1_000);
        this.store.expectNothing();
        this.fixture.expectNoTrace();
    }

    @Test
    void aGrantThatOthersWaitToFollowIsExtendedAtOnce() {
        CompletableFuture<LockLease> first = this.fixture.ask();
        CompletableFuture<LockLease> second = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        this.store.renew().renewed();
        EngineFixture.now(first).close();
        assertThat(EngineFixture.now(second).fencingToken()).isEqualTo(4 * 2048 + 1);
        this.store.expectNothing();
    }

    @Test
    void aGrantOfLittleIsExtendedAtOnce() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.store.grant(question, 4, Duration.ofMillis(500), 0);
        assertThat(EngineFixture.now(asked).isHeld()).isTrue();
        assertThat(this.store.renew().lease()).isEqualTo(EngineFixture.LEASE);
    }

    @Test
    void aGrantFromTheFutureProvesNoMoreThanItsLeaseFromNow() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), 0, 10 * SECOND);
        this.clock.advanceMillis(10);
        this.store.grant(question, 4, GRANT_LEASE, 3_600 * SECOND);
        assertThat(EngineFixture.now(asked).remaining()).isEqualTo(Duration.ofMillis(2_000 - 30));
    }

    @Test
    void aGrantBeforeTheReplyCountsFromTheQuestion() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.clock.advanceMillis(300);
        this.store.grant(question, 4, GRANT_LEASE, 99 * SECOND);
        assertThat(EngineFixture.now(asked).remaining()).isEqualTo(Duration.ofMillis(2_000 - 30 - 300));
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        question.contended();
        this.store.expectNothing();
    }

    @Test
    void aGrantThatComesWhileItsRequestIsBeingSentIsTaken() {
        AtomicReference<StoreCommand.Acquire> sent = new AtomicReference<>();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire question && sent.compareAndSet(null, question)) {
                this.store.grant(question, 4, GRANT_LEASE, 0);
            }
        });
        CompletableFuture<LockLease> asked = this.fixture.ask();
        assertThat(this.store.acquire()).isSameAs(sent.get());
        assertThat(EngineFixture.now(asked).fencingToken()).isEqualTo(4 * 2048);
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        this.store.expectNothing();
    }

    @Test
    void aGrantAfterTheServersClockWasPutBackIsConfirmedFirst() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), 0, 3_600 * SECOND);
        this.clock.advanceMillis(10);
        this.store.grant(question, 4, GRANT_LEASE, 10 * SECOND);
        assertThat(asked).isNotDone();
        this.store.acquire().acquired(5);
        assertThat(EngineFixture.now(asked).remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void aGrantIsDatedByTheNewestAnswer() {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), 0, 10 * SECOND);
        this.clock.advanceMillis(250);
        this.store.acquire().contended("other", Duration.ofSeconds(30), 0, 3_600 * SECOND);
        this.clock.advanceMillis(100);
        this.store.grant(question, 4, GRANT_LEASE, 3_600 * SECOND);
        assertThat(EngineFixture.now(asked).remaining())
                .as("the grant is as old as the answer")
                .isLessThanOrEqualTo(Duration.ofMillis(2_000 - 30 - 100));
    }

    @Test
    void aGrantWithLessThanHalfItsLeaseLeftIsConfirmedFirst() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        this.clock.freeze(Duration.ofMillis(1_200));
        this.store.grant(question, 4, GRANT_LEASE, 0);
        assertThat(asked).isNotDone();
        question.contended();
        StoreCommand.Acquire confirmation = this.store.acquire();
        assertThat(confirmation.owner()).isEqualTo(question.owner());
        confirmation.acquired(5);
        assertThat(EngineFixture.now(asked).remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void aGrantLongAfterTheLastAnswerIsConfirmedFirst() {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), 5, 10 * SECOND);
        this.clock.freeze(Duration.ofMillis(2_100));
        this.store.grant(question, 4, GRANT_LEASE, 12 * SECOND + 90_000);
        assertThat(asked).isNotDone();
        this.store.acquire().acquired(5);
        assertThat(asked).isCompleted();
    }

    @Test
    void aGrantOnANewConnectionIsConfirmedFirst() {
        expectAGrantToBeConfirmedAfter(() -> this.store.listening(true));
    }

    /** The question was answered by one server and the grant is dated by another, whose clock may be ahead. */
    @Test
    void aGrantAfterANewConnectionOfCommandsIsConfirmedFirst() {
        expectAGrantToBeConfirmedAfter(this.store::reconnected);
    }

    private void expectAGrantToBeConfirmedAfter(Runnable change) {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), 5, 10 * SECOND);
        this.clock.freeze(Duration.ofMillis(100));
        change.run();
        this.store.grant(question, 4, GRANT_LEASE, 10 * SECOND + 100_000);
        assertThat(asked).isNotDone();
        StoreCommand.Acquire confirmation = this.store.acquire();
        confirmation.contended();
        assertThat(asked).as("no hold began, the request goes on").isNotDone();
    }

    @Test
    void aGrantThatWaitedThroughASuspensionIsConfirmedFirst() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended("other", Duration.ofSeconds(30), 0, 10 * SECOND);
        this.clock.suspend(Duration.ofMinutes(1));
        this.store.grant(question, 4, GRANT_LEASE, 10 * SECOND);
        assertThat(asked).isNotDone();
        this.store.acquire().contended();
        assertThat(asked).isNotDone();
    }

    @Test
    void onlyTheFirstGrantCounts() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        this.clock.advanceMillis(10);
        this.store.renew().renewed();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        this.store.expectNothing();
        LockLease lease = EngineFixture.now(asked);
        lease.close();
        StoreCommand.Release release = this.store.free();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        this.store.expectNothing();
        release.freed();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        assertThat(this.store.leave().owner()).isEqualTo(question.owner());
    }

    @Test
    void aDuplicateGrantDoesNotRestartTheTenure() {
        CompletableFuture<LockLease> first = this.fixture.ask();
        CompletableFuture<LockLease> second = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        this.store.grant(question, 4, GRANT_LEASE, 0);
        EngineFixture.now(first).close();
        this.store.renew().renewed();
        assertThat(EngineFixture.now(second).fencingToken()).isEqualTo(4 * 2048 + 1);
        this.store.expectNothing();
    }

    @Test
    void aGrantWithoutWaitingCallerIsGivenBack() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        asked.cancel(false);
        StoreCommand.Leave first = this.store.leave();
        assertThat(first.owner()).isEqualTo(question.owner());
        this.store.grant(question, 4, GRANT_LEASE, 0);
        this.store.expectNothing();
        first.done();
        this.clock.advanceMillis(10);
        assertThat(this.store.leave().owner()).isEqualTo(question.owner());
    }

    @Test
    void aGrantGoesToTheFirstCallerStillThere() {
        CompletableFuture<LockLease> first = this.fixture.ask();
        CompletableFuture<LockLease> second = this.fixture.ask();
        StoreCommand.Acquire question = this.store.acquire();
        question.contended();
        first.cancel(false);
        this.store.expectNothing();
        this.store.grant(question, 4, GRANT_LEASE, 0);
        assertThat(second).isCompleted();
    }

    /** If this owner had still had the lock then, the answer would have been the lock. */
    @Test
    void aGrantFromBeforeAnAnswerBeginsNothing() {
        this.store.listening(true);
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire first = this.store.acquire();
        first.contended("other", Duration.ofSeconds(30), 0, 10_000_000);
        this.store.grant(first, 4, Duration.ofSeconds(2), 9_900_000);
        this.store.acquire().contended("other", Duration.ofSeconds(30), 0, 10_100_000);
        assertThat(asked).isNotDone();
    }
}
