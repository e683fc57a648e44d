package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** From the call to the hold, and to the reasons why there is none. */
class AcquireTests {

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void takesAFreeLockWithOneCommandAndGivesItBackWithAnother() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire acquire = this.store.acquire();
        assertThat(acquire.request().lease()).isEqualTo(EngineFixture.LEASE);
        assertThat(acquire.request().mayQueue()).isTrue();
        acquire.acquired(7);

        LockLease lease = EngineFixture.now(asked);
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.fencingToken()).isEqualTo(7 * 2048);
        assertThat(lease.remaining()).isBetween(Duration.ofSeconds(29), EngineFixture.LEASE);
        lease.close();

        StoreCommand.Release free = this.store.free();
        assertThat(free.tenure()).isEqualTo(acquire.request().tenure());
        free.freed();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isFalse();
        this.fixture.expectNoTrace();
    }

    @Test
    void countsTheLeaseFromBeforeTheCommandAndAllowsForClocks() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        StoreCommand.Acquire acquire = this.store.acquire();
        this.clock.advanceMillis(1_500);
        acquire.acquired(1);
        assertThat(EngineFixture.now(asked).remaining()).isEqualTo(Duration.ofMillis(30_000 - 1_500 - 300 - 10));
    }

    @Test
    void asksOnceForManyCallersOfOneLock() {
        CompletableFuture<LockLease> first = this.fixture.ask();
        CompletableFuture<LockLease> second = this.fixture.ask();
        this.store.acquire().acquired(1);
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        this.store.expectNothing();
    }

    @Test
    void asksForDifferentLocksIndependently() {
        CompletableFuture<LockLease> a = this.fixture.ask(EngineFixture.request("a", Duration.ZERO));
        CompletableFuture<LockLease> b = this.fixture.ask(EngineFixture.request("b", Duration.ZERO));
        StoreCommand.Acquire askedForA = this.store.acquire();
        this.store.acquire().acquired(1);

        assertThat(a).isNotDone();
        assertThat(b).isCompleted();
        askedForA.acquired(1);
        assertThat(a).isCompleted();
    }

    @Test
    void triesOnceWithoutQueueingWhenThereIsNoTimeToWait() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        StoreCommand.Acquire acquire = this.store.acquire();
        assertThat(acquire.request().mayQueue()).isFalse();
        acquire.contended("app@host:1:r:2", Duration.ofSeconds(5), -1, 0);

        assertThat(EngineFixture.refusal(asked))
                .isInstanceOfSatisfying(
                        LockNotAcquiredException.class,
                        refusal -> assertThat(refusal.getHolder())
                                .isEqualTo(new LockHolder("app@host:1:r:2", Duration.ofSeconds(5))))
                .hasMessageContaining("5000 ms");
        this.clock.advance(Duration.ofSeconds(1));
        this.fixture.expectNoTrace();
    }

    @Test
    void aBlockingTryAsksNoSecondTime() {
        CallingThread caller = this.fixture.call(EngineFixture.request(Duration.ZERO));
        StoreCommand.Acquire acquire = this.store.acquire();
        caller.parked();
        acquire.contended();
        assertThat(caller.failure()).isInstanceOf(LockNotAcquiredException.class);
        this.clock.advance(Duration.ofSeconds(1));
        this.fixture.expectNoTrace();
    }

    @Test
    void anAnswerBeforeTheTryingCallerLooksAsksNoSecondTime() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.contended();
                this.clock.tick();
            }
        });
        assertThatThrownBy(() -> this.fixture.engine.acquire(EngineFixture.request(Duration.ZERO)))
                .isInstanceOf(LockNotAcquiredException.class);
        this.store.acquire();
        this.clock.advance(Duration.ofSeconds(1));
        this.fixture.expectNoTrace();
    }

    @Test
    void queuesForACallerWithTimeThatComesDuringATry() {
        this.fixture.ask(Duration.ZERO);
        StoreCommand.Acquire attempt = this.store.acquire();
        CompletableFuture<LockLease> patient = this.fixture.ask();
        attempt.contended();
        this.clock.tick();

        StoreCommand.Acquire queued = this.store.acquire();
        assertThat(queued.request().mayQueue()).isTrue();
        queued.acquired(1);
        assertThat(patient).isCompleted();
    }

    @Test
    void tellsACallerWithoutTimeAtOnceWhoHasTheLockHere() {
        LockLease held = this.fixture.held();
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        assertThat(EngineFixture.refusal(asked)).isInstanceOf(LockNotAcquiredException.class);
        this.store.expectNothing();
        assertThat(held.isHeld()).isTrue();
    }

    @Test
    void waitsNoLongerThanItsWaitTime() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ofSeconds(3));
        StoreCommand.Acquire first = this.store.acquire();
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire poll) {
                this.store.acquire();
                poll.contended("other", Duration.ofMinutes(1), 5, 0);
            }
        });
        first.contended("other", Duration.ofMinutes(1), 5, 0);
        this.clock.advanceMillis(2_999);
        assertThat(asked).isNotDone();
        this.clock.advanceMillis(1);
        assertThat(EngineFixture.refusal(asked))
                .isInstanceOf(LockNotAcquiredException.class)
                .hasMessageContaining("'lock'")
                .hasMessageContaining("3000 ms")
                .hasMessageContaining("other");
        this.store.leave().done();
        this.fixture.expectNoTrace();
    }

    @Test
    void saysWhoHasALockThatNeverExpires() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        StoreCommand.Acquire acquire = this.store.acquire();
        this.clock.advanceMillis(100);
        acquire.contended("something foreign", null, -1, 0);
        assertThat(EngineFixture.refusal(asked))
                .isInstanceOfSatisfying(
                        LockNotAcquiredException.class,
                        refusal -> assertThat(refusal.getHolder()).hasToString("something foreign (no expiry)"))
                .hasMessageContaining("(no expiry)");
    }

    @Test
    void waitingForeverEndsWithARefusalOfTheStore() {
        CompletableFuture<LockLease> asked = this.fixture.ask(LockDurations.FOREVER);
        this.store.acquire().fail(Outcome.REFUSED);
        assertThat(EngineFixture.refusal(asked))
                .isInstanceOf(LockStoreException.class)
                .hasMessageContaining("'lock'");
        this.fixture.expectNoTrace();
    }

    @Test
    void aStoreWithoutQueueIsAskedAgainAndAgain() {
        EngineFixture minimal = new EngineFixture(Set.of(), ReleaseWait.ASYNC, EngineFixture.INLINE);
        CompletableFuture<LockLease> asked = minimal.ask();
        StoreCommand.Acquire first = minimal.store.acquire();
        assertThat(first.request().mayQueue()).isFalse();
        first.contended();
        minimal.clock.tick();
        minimal.store.expectNothing();
        minimal.clock.advanceMillis(25);
        minimal.store.acquire().acquired(1);
        assertThat(asked).isCompleted();
    }

    @Test
    void aStoreThatDoesNotQueueThoughItMayIsNotAskedWithoutPause() {
        this.fixture.ask();
        this.store.acquire().contended("other", Duration.ofSeconds(30), -1, 0);
        this.clock.tick();
        this.store.expectNothing();
        this.clock.advanceMillis(25);
        this.store.acquire();
    }

    @Test
    void doesNotBeginAHoldWhoseLeaseIsHardlyProven() {
        CompletableFuture<LockLease> asked = this.fixture.ask(
                EngineFixture.lease(EngineFixture.request(Duration.ofSeconds(10)), Duration.ofSeconds(1), true));
        StoreCommand.Acquire acquire = this.store.acquire();
        this.clock.freeze(Duration.ofMillis(1_500));
        acquire.acquired(1);
        assertThat(asked).isNotDone();

        this.store.renew().renewed();
        LockLease lease = EngineFixture.now(asked);
        assertThat(lease.isHeld()).isTrue();
    }
}
