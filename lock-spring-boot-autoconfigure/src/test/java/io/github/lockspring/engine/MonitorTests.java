package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a monitor is told, in which order. */
class MonitorTests {

    private final List<String> told = new CopyOnWriteArrayList<>();

    private int calls;

    private final EngineFixture fixture = new EngineFixture(new Recorder());

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    @Test
    void aFreeLockIsAcquiredAndReleased() {
        this.fixture.held().close();
        this.store.free().freed();
        assertThat(this.told).containsExactly("begin 1", "acquired 1 with 2048", "released 1");
    }

    @Test
    void aLockThatIsEnteredAgainIsNoFurtherCall() {
        LockLease outer = this.fixture.held();
        this.fixture
                .ask(new LockRequest(LockName.of("lock"), Duration.ZERO, EngineFixture.LEASE, true, false, outer))
                .join()
                .close();
        outer.close();
        assertThat(this.told).containsExactly("begin 1", "acquired 1 with 2048", "released 1");
    }

    /** It asks nobody. */
    @Test
    void aCallThatMayNotEnterAgainIsNoCall() {
        LockLease outer = this.fixture.held();
        assertThat(this.fixture.ask(EngineFixture.notReentrant(Duration.ZERO, outer)))
                .isCompletedExceptionally();
        assertThat(this.told).containsExactly("begin 1", "acquired 1 with 2048");
    }

    @Test
    void aCallerThatWaitsForAnotherOneOfThisProcessIsContendedAndTheLockPassedOn() {
        LockLease first = this.fixture.held();
        CompletableFuture<LockLease> second = this.fixture.ask();
        assertThat(this.told).containsExactly("begin 1", "acquired 1 with 2048", "begin 2", "contended 2 by tests");
        first.close();
        EngineFixture.now(second);
        assertThat(this.told).endsWith("released 1", "acquired 2 with 2049, handed off");
    }

    @Test
    void aCallerThatWaitsForAnotherProcessIsContendedOnce() {
        CompletableFuture<LockLease> asked = this.fixture.ask();
        this.store.acquire().contended("other", Duration.ofSeconds(1), 0, 0);
        this.clock.advanceMillis(400);
        StoreCommand.Acquire poll = this.store.acquire();
        poll.contended("other", Duration.ofSeconds(1), 0, 0);
        this.clock.advanceMillis(400);
        this.store.acquire().acquired(7);
        EngineFixture.now(asked);
        assertThat(this.told).containsExactly("begin 1", "contended 1 by other", "acquired 1 with 14336");
    }

    @Test
    void aCallerWithoutTimeIsContendedAndRefused() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        this.store.acquire().contended("other", Duration.ofSeconds(1), 0, 0);
        assertThat(asked).isCompletedExceptionally();
        assertThat(this.told).containsExactly("begin 1", "contended 1 by other", "refused 1 LockNotAcquiredException");
    }

    @Test
    void aFailureOfTheStoreIsRefusedAndNotContended() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        this.store.acquire().fail(Outcome.NOT_EXECUTED);
        assertThat(asked).isCompletedExceptionally();
        assertThat(this.told).containsExactly("begin 1", "refused 1 LockStoreException");
    }

    @Test
    void aBlockedCallerIsToldOnItsThread() {
        CallingThread caller = this.fixture.call(EngineFixture.request(Duration.ofSeconds(1)));
        caller.parked();
        this.store.acquire().acquired(1);
        caller.lease().close();
        assertThat(this.told).containsExactly("begin 1", "acquired 1 with 2048", "released 1");
    }

    @Test
    void aHoldThatIsLostIsToldWithTheReason() {
        LockLease lease = this.fixture.held(Duration.ofSeconds(1), false);
        this.clock.advance(Duration.ofSeconds(2));
        assertThat(lease.isLost()).isTrue();
        assertThat(this.told).hasSize(4).element(2).asString().contains("lost 1 ", "its lease time has elapsed");
        assertThat(this.told).last().asString().matches("lost lock after (9\\d\\d|1\\d\\d\\d) ms, token 2048");
    }

    @Test
    void aHoldThatIsLostIsToldWhetherOrNotItsCallIsWatched() {
        List<String> lost = new CopyOnWriteArrayList<>();
        EngineFixture unwatched = new EngineFixture(new LockMonitor() {

            @Override
            public @Nullable Call begin(LockRequest request) {
                return null;
            }

            @Override
            public void lost(LockName name, Duration heldFor, LeaseLostException loss) {
                lost.add(name + " " + loss.getFencingToken());
            }
        });
        unwatched.held(Duration.ofSeconds(1), false);
        unwatched.clock.advance(Duration.ofSeconds(2));
        assertThat(lost).containsExactly("lock 2048");
    }

    @Test
    void renewalsAreToldWithTheTimeThatTheyAreLate() {
        this.fixture.held();
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew first = this.store.renew();
        this.clock.advanceMillis(1_500);
        first.fail(Outcome.UNKNOWN);
        this.clock.advanceMillis(1_500);
        this.store.renew().renewed();
        assertThat(this.told)
                .hasSize(4)
                .contains("renewal of lock failed")
                .last()
                .asString()
                .matches("renewed lock late by (29\\d\\d|3[01]\\d\\d) ms");
    }

    @Test
    void aRenewalWithoutAnswerHasFailedOnce() {
        this.fixture.held();
        this.clock.advanceMillis(10_000);
        StoreCommand.Renew silent = this.store.renew();
        this.clock.advance(EngineFixture.COMMAND_TIMEOUT);
        assertThat(this.told).endsWith("renewal of lock failed").hasSize(3);
        silent.fail(Outcome.UNKNOWN);
        assertThat(this.told).hasSize(3);
        this.store.renew().fail(Outcome.UNKNOWN);
        assertThat(this.told).hasSize(4).endsWith("renewal of lock failed", "renewal of lock failed");
    }

    @Test
    void aRenewalInTimeIsNotLate() {
        this.fixture.held();
        this.clock.advanceMillis(9_900);
        this.store.renew().renewed();
        assertThat(this.told).last().asString().matches("renewed lock late by \\d?\\d ms");
    }

    @Test
    void aHandOverIsTold() {
        LockLease lease = this.fixture.held();
        lease.close();
        this.store.free().handedOver();
        assertThat(this.told).endsWith("released 1", "handed over lock");
    }

    /** The thread that has found the contention is slow to say so. */
    @Test
    void aCallIsContendedBeforeItIsAcquired() throws Exception {
        CountDownLatch found = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        EngineFixture watched = new EngineFixture(request -> new LockMonitor.Call() {

            @Override
            public void contended(@Nullable LockHolder holder) {
                found.countDown();
                try {
                    slow.await();
                } catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
                MonitorTests.this.told.add("contended");
            }

            @Override
            public void acquired(long fencingToken, boolean handedOff) {
                MonitorTests.this.told.add("acquired");
            }
        });
        CompletableFuture<LockLease> asked = watched.ask();
        StoreCommand.Acquire request = watched.store.acquire();
        Thread finds = new Thread(() -> request.contended("other", Duration.ofSeconds(1), 0, 0));
        finds.start();
        found.await();
        Thread ends = new Thread(
                () -> watched.store.grantTo(request.request().tenure().owner(), 7, Duration.ofSeconds(2)));
        ends.start();
        await().until(() ->
                Set.of(Thread.State.WAITING, Thread.State.TERMINATED).contains(ends.getState()));
        slow.countDown();
        ends.join();
        finds.join();
        assertThat(EngineFixture.now(asked).isHeld()).isTrue();
        assertThat(this.told).containsExactly("contended", "acquired");
    }

    @Test
    void failuresOfAMonitorAreLoggedOnceAMinute() {
        EngineFixture failing = new EngineFixture(request -> {
            throw new IllegalStateException("of the monitor");
        });
        try (LogCapture log = LogCapture.info(MonitorFailures.class)) {
            for (int i = 0; i < 3; i++) {
                assertThat(failing.ask(Duration.ZERO)).isNotNull();
            }
            assertThat(log.said())
                    .containsExactly("A lock monitor failed (0 further failures since that was last said)");
            failing.clock.advance(Duration.ofMinutes(1));
            assertThat(failing.ask(Duration.ZERO)).isNotNull();
            assertThat(log.said(Level.WARN))
                    .hasSize(2)
                    .endsWith("A lock monitor failed (2 further failures since that was last said)");
        }
    }

    @Test
    void aMonitorThatFailsChangesNothing() {
        EngineFixture failing = new EngineFixture(request -> new LockMonitor.Call() {

            @Override
            public void acquired(long fencingToken, boolean handedOff) {
                throw new IllegalStateException("of the monitor");
            }

            @Override
            public void released() {
                throw new StackOverflowError("of the monitor");
            }
        });
        failing.held().close();
        failing.store.free().freed();
        failing.expectNoTraceEver();
    }

    private final class Recorder implements LockMonitor {

        @Override
        public Call begin(LockRequest request) {
            Recorded call = new Recorded(++MonitorTests.this.calls);
            call.tell("begin", "");
            return call;
        }

        @Override
        public void renewed(LockName name, Duration late) {
            MonitorTests.this.told.add("renewed " + name + " late by " + late.toMillis() + " ms");
        }

        @Override
        public void renewalFailed(LockName name, LockStoreException failure) {
            MonitorTests.this.told.add("renewal of " + name + " failed");
        }

        @Override
        public void lost(LockName name, Duration heldFor, LeaseLostException loss) {
            MonitorTests.this.told.add(
                    "lost " + name + " after " + heldFor.toMillis() + " ms, token " + loss.getFencingToken());
        }

        @Override
        public void handedOver(LockName name) {
            MonitorTests.this.told.add("handed over " + name);
        }
    }

    private final class Recorded implements LockMonitor.Call {

        private final int number;

        Recorded(int number) {
            this.number = number;
        }

        private void tell(String what, String how) {
            MonitorTests.this.told.add(what + ' ' + this.number + how);
        }

        @Override
        public void contended(@Nullable LockHolder holder) {
            String owner = holder != null ? holder.owner() : "nobody";
            tell("contended", " by " + (owner.contains("@") ? owner.substring(0, owner.indexOf('@')) : owner));
        }

        @Override
        public void acquired(long fencingToken, boolean handedOff) {
            tell("acquired", " with " + fencingToken + (handedOff ? ", handed off" : ""));
        }

        @Override
        public void refused(Throwable failure) {
            tell("refused", " " + failure.getClass().getSimpleName());
        }

        @Override
        public void released() {
            tell("released", "");
        }

        @Override
        public void lost(LeaseLostException loss) {
            tell("lost", " " + loss.getMessage());
        }
    }
}
