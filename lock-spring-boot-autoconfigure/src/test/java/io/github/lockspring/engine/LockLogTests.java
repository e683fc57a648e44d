package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import io.github.lockspring.InTransaction;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockContext;
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
import io.github.lockspring.LogCapture;
import io.github.lockspring.OnLost;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine says in the log, and what its exceptions say of the lock. */
class LockLogTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final EngineFixture fixture = new EngineFixture();

    private final ScriptedStore store = this.fixture.store;

    private final FakeClock clock = this.fixture.clock;

    // ---- the steps of a call ----

    @Test
    void aCallIsExplainedStepByStep() {
        try (LogCapture log = LogCapture.debug(LockLog.class)) {
            this.store.listening(true);
            CompletableFuture<LockLease> asked = this.fixture.ask();
            StoreCommand.Acquire question = this.store.acquire();
            question.contended("shop@other:1:ab:1", Duration.ofSeconds(3), 2, 0);
            this.clock.advanceMillis(20);
            this.store.grant(question, 1, Duration.ofSeconds(30), 0);
            LockLease lease = EngineFixture.now(asked);
            this.clock.advanceMillis(8);
            lease.close();
            this.store.release().handedOver();

            String owner = question.owner();
            assertThat(log.said())
                    .containsExactly(
                            "Lock 'lock': requested by " + owner,
                            "Lock 'lock': " + owner + " waits behind shop@other:1:ab:1 (for 3000 ms more unless"
                                    + " renewed), with 2 others before it in the queue",
                            "Lock 'lock': granted to " + owner + " by its previous holder",
                            "Lock 'lock': held by " + owner + " after waiting 20 ms, fencing token "
                                    + lease.fencingToken(),
                            "Lock 'lock': given back after being held for 8 ms, fencing token " + lease.fencingToken(),
                            "Lock 'lock': " + owner + " has handed it over to another process");
        }
    }

    @Test
    void pollsAreNotSteps() {
        try (LogCapture log = LogCapture.debug(LockLog.class)) {
            this.store.listening(true);
            CompletableFuture<LockLease> asked = this.fixture.ask();
            for (int i = 0; i < 10; i++) {
                this.store.acquire().contended();
                this.clock.advanceMillis(250);
            }
            this.store.acquire().contended("somebody new", Duration.ofSeconds(3), 0, 0);
            this.clock.advanceMillis(250);
            this.store.acquire().acquired(1);
            assertThat(asked).isCompleted();
            assertThat(log.said())
                    .satisfiesExactly(
                            requested -> assertThat(requested).contains("requested by"),
                            waits -> assertThat(waits).contains("waits behind other"),
                            waits -> assertThat(waits).contains("waits behind somebody new"),
                            held -> assertThat(held).contains("held by"));
        }
    }

    @Test
    void logsHandOffsAndKeptLocks() {
        try (LogCapture log = LogCapture.debug(LockLog.class)) {
            LockLease first = this.fixture.held();
            CompletableFuture<LockLease> second = this.fixture.ask();
            CompletableFuture<LockLease> third = this.fixture.ask();
            log.clear();
            first.close();
            LockLease next = EngineFixture.now(second);
            this.clock.advanceMillis(10);
            next.close();
            this.store.keep().kept(2);
            EngineFixture.now(third).close();
            this.store.free().freed();
            assertThat(log.said())
                    .satisfiesExactly(
                            said -> assertThat(said).contains("given back after being held for 0 ms"),
                            said -> assertThat(said)
                                    .contains("handed off to a caller of this process by", "after waiting 0 ms"),
                            said -> assertThat(said).contains("given back after being held for 10 ms"),
                            said -> assertThat(said).contains("keeps it: no other process waits for it"),
                            said -> assertThat(said).contains("held by", "after waiting 10 ms"),
                            said -> assertThat(said).contains("given back"),
                            said -> assertThat(said).contains("has released it: it is free"));
        }
    }

    @Test
    void callersThatWaitInThisProcessAreTold() {
        try (LogCapture log = LogCapture.debug(LockLog.class)) {
            LockLease first = this.fixture.held();
            log.clear();
            CompletableFuture<LockLease> second = this.fixture.ask(Duration.ofMillis(100));
            this.clock.advanceMillis(100);
            assertThat(EngineFixture.refusal(second)).isInstanceOf(LockNotAcquiredException.class);
            assertThat(log.said())
                    .satisfiesExactly(
                            said -> assertThat(said)
                                    .startsWith("Lock 'lock': a caller in this process waits behind tests@")
                                    .endsWith("which has it"),
                            said -> assertThat(said)
                                    .startsWith("Lock 'lock': Lock 'lock' was not acquired within 100 ms"));
            assertThat(first.isHeld()).isTrue();
        }
    }

    @Test
    void failedRenewalsAndReleasesAreTold() {
        try (LogCapture log = LogCapture.debug(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.clock.advanceMillis(10_000);
            this.store.renew().fail(Outcome.NOT_EXECUTED);
            lease.close();
            this.store.free().fail(Outcome.UNKNOWN);
            assertThat(log.said())
                    .anySatisfy(said -> assertThat(said)
                            .contains("could not renew its lease, and tries again: The store is out of order"));
            assertThat(log.said()).last().asString().contains("does not know whether it has released it");
        }
    }

    /** It is not tried again, and others wait for the end of the lease. */
    @Test
    void logsAReleaseThatIsRefused() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            this.fixture.held().close();
            StoreCommand.Release release = this.store.free();
            release.fail(Outcome.REFUSED);
            assertThat(warning(log))
                    .startsWith(
                            "Lock 'lock': " + release.tenure().owner() + " could not give it back, and others get it")
                    .endsWith("The store is out of order");
        }
    }

    @Test
    void nothingIsSaidOfCallsThatGoWellUnlessDebugIsOn() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease first = this.fixture.held();
            CompletableFuture<LockLease> second = this.fixture.ask();
            first.close();
            EngineFixture.now(second).close();
            this.store.free().freed();
            assertThat(log.said()).isEmpty();
        }
    }

    /** A guard is held for moments; whoever writes a log may take long. */
    @Test
    void nothingIsSaidInsideTheGuard() {
        List<String> inside = new CopyOnWriteArrayList<>();
        try (LogCapture log = LogCapture.debug(LockLog.class, event -> {
            for (LocalQueue queue : this.fixture.engine.queues.values()) {
                long free = CompletableFuture.supplyAsync(() -> queue.guard.tryCall(now -> Nanos.FOREVER))
                        .join();
                if (free != Nanos.FOREVER) {
                    inside.add(event.getFormattedMessage());
                }
            }
        })) {
            LockLease lost = this.fixture.held();
            CompletableFuture<LockLease> waits = this.fixture.ask(LockDurations.parse("forever", Duration::parse));
            this.clock.advanceMillis(10_000);
            this.store.renew().notOwner();
            lost.close();
            this.store.acquire().contended();
            this.store.answerAtOnce(command -> {
                if (command instanceof StoreCommand.Acquire acquire) {
                    acquire.contended();
                }
            });
            this.clock.advance(MINUTE);
            waits.cancel(true);
            assertThat(log.said()).hasSizeGreaterThan(5);
            assertThat(inside).isEmpty();
        }
    }

    // ---- leases that are lost ----

    @Test
    void aLossIsSaidOnceWhenTheStoreSaysSo() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.clock.advanceMillis(10_000);
            StoreCommand.Renew renewal = this.store.renew();
            renewal.notOwner();
            assertThat(log.said(Level.WARN))
                    .containsExactly("Lock 'lock': its lease is lost while work runs under it (owner "
                            + renewal.renewals().get(0).tenure().owner() + ", fencing token " + lease.fencingToken()
                            + "): the lock store reports that this owner no longer has the lock");
            this.clock.advance(MINUTE);
            lease.close();
            assertThat(log.said()).hasSize(1);
        }
    }

    @Test
    void aLossIsSaidWhenRenewalsFail() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.store.answerAtOnce(command -> {
                if (command instanceof StoreCommand.Renew renew) {
                    renew.fail(Outcome.NOT_EXECUTED);
                }
            });
            this.clock.advance(EngineFixture.LEASE);
            assertThat(warning(log)).endsWith("it could not be renewed in time: The store is out of order");
            assertThat(catchThrowableOfType(LeaseLostException.class, lease::ensureHeld))
                    .hasMessageContaining("it could not be renewed in time: The store is out of order");
            lease.close();
            assertThat(log.said(Level.WARN)).hasSize(1);
        }
    }

    @Test
    void aLossIsSaidWhenRenewalsAreNotAnswered() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.clock.advance(EngineFixture.LEASE);
            assertThat(warning(log)).endsWith("it could not be renewed in time: the lock store did not answer");
            assertThat(lease.isLost()).isTrue();
        }
    }

    @Test
    void aLossIsSaidWhereNothingWasToBeRenewed() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held(Duration.ofSeconds(2), false);
            this.clock.advanceMillis(2_000);
            assertThat(warning(log)).endsWith("its lease time has elapsed, and it is not renewed (renew = false)");
            assertThat(lease.isLost()).isTrue();
        }
    }

    @Test
    void aLossIsSaidWhereTheProcessStoodStill() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.clock.freeze(EngineFixture.LEASE);
            this.clock.tick();
            assertThat(warning(log)).endsWith("this process was paused, or had too little processor time");
            assertThat(lease.isLost()).isTrue();
        }
    }

    @Test
    void aLossIsSaidThatOnlyClosingShows() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.clock.freeze(EngineFixture.LEASE);
            lease.close();
            assertThat(warning(log)).endsWith("this process was paused, or had too little processor time");
        }
    }

    @Test
    void aLossIsSaidWhenTheClockSaysSo() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.clock.suspend(Duration.ofHours(1));
            this.clock.advance(EngineFixture.COMMAND_TIMEOUT.plusSeconds(2));
            assertThat(warning(log)).contains("the machine was suspended, or its clock set forward");
            assertThat(lease.isLost()).isTrue();
        }
    }

    @Test
    void aLossIsSaidWhenTheApplicationShutsDown() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.fixture.engine.close();
            assertThat(warning(log)).endsWith("the application shuts down");
            assertThat(lease.isLost()).isTrue();
        }
    }

    @Test
    void whatNobodyHoldsIsNotSaidToBeLost() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            this.fixture.held().close();
            this.store.free().freed();
            this.clock.advance(MINUTE);
            assertThat(log.said()).isEmpty();
        }
    }

    @Test
    void logsALossThatOnlyTheReleaseShows() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            this.fixture.held().close();
            StoreCommand.Release release = this.store.free();
            release.answer(new ReleaseOutcome.NotOwner());
            assertThat(warning(log))
                    .startsWith("Lock 'lock' no longer belonged to "
                            + release.tenure().owner() + " when it was released");
        }
    }

    // ---- waiting without limit ----

    @Test
    void logsWaitsWithoutLimitOnceAMinute() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            CompletableFuture<LockLease> first = this.fixture.ask(LockDurations.FOREVER);
            this.store.acquire().contended();
            this.store.answerAtOnce(command -> {
                if (command instanceof StoreCommand.Acquire acquire) {
                    acquire.contended("shop@other:1:ab:1", Duration.ofSeconds(5), 0, 0);
                }
            });
            this.clock.advance(Duration.ofSeconds(30));
            CompletableFuture<LockLease> second = this.fixture.ask(LockDurations.FOREVER);
            this.clock.advance(Duration.ofSeconds(29));
            assertThat(log.said(Level.WARN)).isEmpty();
            this.clock.advance(Duration.ofSeconds(2));
            assertThat(warning(log))
                    .startsWith("Lock 'lock': a caller without a wait time limit has waited for 60 s:"
                            + " held by shop@other:1:ab:1 (for ");
            this.clock.advance(Duration.ofSeconds(57));
            assertThat(log.said(Level.WARN)).hasSize(1);
            this.clock.advance(Duration.ofSeconds(4));
            assertThat(log.said(Level.WARN)).hasSize(2);
            first.cancel(true);
            second.cancel(true);
            this.clock.advance(Duration.ofMinutes(5));
            assertThat(log.said(Level.WARN)).hasSize(2);
        }
    }

    @Test
    void aHolderInThisProcessIsSaid() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease lease = this.fixture.held();
            this.store.answerAtOnce(command -> {
                if (command instanceof StoreCommand.Renew renew) {
                    renew.renewed();
                } else if (command instanceof StoreCommand.Release release) {
                    release.kept(2);
                }
            });
            CallingThread waits = this.fixture
                    .call(EngineFixture.request(LockDurations.FOREVER))
                    .parked();
            this.clock.advance(Duration.ofSeconds(62));
            assertThat(warning(log)).contains("this process has it, as owner tests@");
            lease.close();
            assertThat(waits.lease().isHeld()).isTrue();
        }
    }

    @Test
    void aStoreThatCannotTellIsSaid() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            CompletableFuture<LockLease> asked = this.fixture.ask(LockDurations.FOREVER);
            this.store.acquire().fail(Outcome.NOT_EXECUTED);
            this.store.answerAtOnce(command -> {
                if (command instanceof StoreCommand.Acquire acquire) {
                    acquire.fail(Outcome.NOT_EXECUTED);
                }
            });
            this.clock.advance(Duration.ofSeconds(62));
            assertThat(warning(log)).endsWith("The store is out of order");
            asked.cancel(true);
        }
    }

    @Test
    void manyFairCallersAreOneLineAMinute() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            this.store.answerAtOnce(command -> {
                if (command instanceof StoreCommand.Acquire acquire) {
                    acquire.contended();
                }
            });
            for (int i = 0; i < 10; i++) {
                LockRequest plain = EngineFixture.request(LockDurations.FOREVER);
                this.fixture.ask(new LockRequest(plain.name(), plain.waitTime(), plain.leaseTime(), true, true, null));
            }
            this.clock.advance(Duration.ofSeconds(90));
            assertThat(log.said(Level.WARN)).hasSize(1);
        }
    }

    @Test
    void aLimitedWaitIsNotSaid() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            this.store.answerAtOnce(command -> {
                if (command instanceof StoreCommand.Acquire acquire) {
                    acquire.contended();
                }
            });
            this.fixture.ask(Duration.ofHours(1));
            this.clock.advance(Duration.ofMinutes(10));
            assertThat(log.said(Level.WARN)).isEmpty();
        }
    }

    // ---- times that do not apply ----

    @ParameterizedTest
    @CsvSource({"PT1M,", ",PT1H"})
    void longerOrShorterTimesOfAReentryAreSaidOnceForEachName(@Nullable Duration atLeast, @Nullable Duration atMost) {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockLease outer = this.fixture.held(request(LockName.of("order", 42), null, null, null));
            try (LockContext.Scope binding = LockContext.bind(outer)) {
                LockRequest asks = request(LockName.of("order", 42), atLeast, atMost, outer);
                EngineFixture.now(this.fixture.ask(asks)).close();
                this.fixture.engine.acquire(asks).close();
                assertThat(binding).isNotNull();
            }
            assertThat(warning(log))
                    .startsWith("Lock 'order:42' is entered again by a call with holdAtLeast "
                            + (atLeast != null ? "PT1M and maxHoldTime forever" : "PT0S and maxHoldTime PT1H")
                            + ", inside of a hold with holdAtLeast PT0S and maxHoldTime forever:"
                            + " those of the hold apply.");
        }
    }

    @Test
    void timesOfAReentryThatPromiseNoMoreThanTheHoldAreNotSaid() {
        try (LogCapture log = LogCapture.info(LockLog.class)) {
            LockName name = LockName.of("order");
            LockLease outer = this.fixture.held(request(name, MINUTE, Duration.ofHours(1), null));
            EngineFixture.now(this.fixture.ask(request(name, MINUTE, Duration.ofHours(1), outer)))
                    .close();
            EngineFixture.now(this.fixture.ask(request(name, null, null, outer)))
                    .close();
            assertThat(log.said()).isEmpty();
        }
    }

    @Test
    void timesOfABlockingReentryAreSaid() {
        this.store.answerAtOnce(command -> {
            if (command instanceof StoreCommand.Acquire acquire) {
                acquire.acquired(1);
            }
        });
        try (LogCapture log = LogCapture.info(LockLog.class);
                LockLease outer = this.fixture.engine.acquire(request(LockName.of("order"), null, null, null));
                LockLease inner = this.fixture.engine.acquire(request(LockName.of("order"), MINUTE, null, null))) {
            assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
            assertThat(warning(log)).startsWith("Lock 'order' is entered again by a call with holdAtLeast PT1M");
        }
    }

    private static LockRequest request(
            LockName name, @Nullable Duration atLeast, @Nullable Duration atMost, @Nullable LockLease within) {
        return new LockRequest(
                name,
                Duration.ZERO,
                EngineFixture.LEASE,
                true,
                atLeast != null ? atLeast : Duration.ZERO,
                atMost != null ? atMost : LockDurations.FOREVER,
                false,
                true,
                OnLost.THROW,
                InTransaction.DEFER,
                within);
    }

    // ---- which lock ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysAreShownUnlessTheyAreMasked(boolean mask) {
        LockRequest request = new LockSettings(Duration.ofSeconds(1), EngineFixture.LEASE, true, Map.of())
                .maskKeys(mask)
                .resolve(LockOptions.named("order").key("alice@example.org"));
        try (LogCapture log = LogCapture.debug(LockLog.class)) {
            LockLease lease = this.fixture.held(request);
            CompletableFuture<LockLease> refused = this.fixture.ask(request);
            this.clock.advanceMillis(1_000);
            LockNotAcquiredException refusal = (LockNotAcquiredException) EngineFixture.refusal(refused);
            this.clock.advanceMillis(9_000);
            this.store.renew().notOwner();
            LeaseLostException loss = catchThrowableOfType(LeaseLostException.class, lease::ensureHeld);
            lease.close();

            List<String> told =
                    List.of(String.join("\n", log.said()), refusal.getMessage(), loss.getMessage(), lease.toString());
            assertThat(log.said()).hasSizeGreaterThan(4);
            assertThat(told)
                    .allSatisfy(text -> assertThat(text.contains("alice")).isEqualTo(!mask));
            assertThat(told)
                    .allSatisfy(text -> assertThat(text.contains("order:#")).isEqualTo(mask));
            assertThat(refusal.getLockName()).isEqualTo("order");
            assertThat(refusal.getFullName()).isEqualTo(request.name().toString());
            assertThat(lease.key()).as("key of the application's own lease").isEqualTo("alice@example.org");
        }
    }

    @Test
    void aRefusalDoesNotSayWhoHasTheLock() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        this.store.acquire().contended("shop@host-1:17:ab:9", Duration.ofSeconds(3), -1, 0);
        LockNotAcquiredException refusal = (LockNotAcquiredException) EngineFixture.refusal(asked);
        assertThat(refusal).hasMessageContaining("for 3000 ms more").hasMessageNotContaining("host-1");
        assertThat(refusal.getHolder()).isEqualTo(new LockHolder("shop@host-1:17:ab:9", Duration.ofSeconds(3)));
    }

    @Test
    void aFailingStoreIsToldWithTheLock() {
        CompletableFuture<LockLease> asked = this.fixture.ask(Duration.ZERO);
        this.store.acquire().fail(Outcome.REFUSED);
        LockStoreException failure = (LockStoreException) EngineFixture.refusal(asked);
        assertThat(failure.getLockName()).isEqualTo("lock");
        assertThat(failure.getFullName()).isEqualTo("lock");
    }

    @Test
    void aFailingQuestionForTheHolderNamesTheLock() {
        this.store.answerHolder(CompletableFuture.failedFuture(
                new LockStoreException("The store is out of order", null, Outcome.NOT_EXECUTED)));
        expectUnknownHolder(this.fixture.engine, "The store is out of order");
        LockStore throwing = mock();
        given(throwing.holder("order:42")).willThrow(new IllegalArgumentException("bug"));
        expectUnknownHolder(
                EngineFixture.still(throwing, Duration.ZERO),
                "The lock store failed: " + IllegalArgumentException.class.getName());
    }

    @Test
    void anUnansweredQuestionForTheHolderNamesTheLock() {
        DefaultLockEngine impatient = new DefaultLockEngine(
                this.store,
                new EngineSettings(
                        "tests",
                        Duration.ZERO,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1),
                        ReleaseWait.ASYNC,
                        EngineFixture.INLINE),
                this.clock,
                EngineMonitor.NONE,
                () -> EngineFixture.INLINE);
        this.store.answerHolder(new CompletableFuture<>());
        LockStoreException failure =
                catchThrowableOfType(LockStoreException.class, () -> impatient.holder(LockName.of("order", 42)));
        assertThat(failure).hasMessageStartingWith("Cannot tell who holds lock 'order:42': The lock store did not");
        assertThat(failure.getFullName()).isEqualTo("order:42");
    }

    private static void expectUnknownHolder(DefaultLockEngine engine, String why) {
        LockStoreException failure =
                catchThrowableOfType(LockStoreException.class, () -> engine.holder(LockName.of("order", 42)));
        assertThat(failure).hasMessageStartingWith("Cannot tell who holds lock 'order:42': " + why);
        assertThat(failure.getLockName()).isEqualTo("order");
        assertThat(failure.getKey()).isEqualTo("42");
    }

    private static String warning(LogCapture log) {
        assertThat(log.said(Level.WARN)).hasSize(1);
        return log.said(Level.WARN).get(0);
    }
}
