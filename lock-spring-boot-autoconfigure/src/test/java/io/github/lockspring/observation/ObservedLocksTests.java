package io.github.lockspring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockException;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.store.RenewOutcome;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The observations of calls and their holds, of real engines and of what these may tell in any order. */
class ObservedLocksTests {

    private static final String ACQUIRE = "distributed.lock.acquire";

    private static final String HOLD = "distributed.lock.hold";

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private final RecordedObservations recorded = new RecordedObservations();

    private final BreakableStore store = new BreakableStore();

    private final ExecutorService callbacks = Executors.newSingleThreadExecutor();

    private final ObservedLocks monitor = new ObservedLocks(() -> this.registry, null, new BoundedNames(3));

    private final DefaultLockEngine engine = Engines.over(this.store, this.monitor, this.callbacks);

    ObservedLocksTests() {
        this.registry.observationConfig().observationHandler(this.recorded);
    }

    @AfterEach
    void close() {
        this.engine.close();
        this.callbacks.shutdownNow();
    }

    @Test
    void aLockIsObservedWhileItIsAskedForAndWhileItIsHeld() {
        LockLease lease = this.engine.acquire(Engines.order(42));
        assertThat(this.recorded.running()).containsExactly(HOLD);
        assertThat(this.registry.getCurrentObservation()).isNull();
        lease.close();
        assertThat(this.recorded.running()).isEmpty();
        TestObservationRegistryAssert.assertThat(this.registry)
                .hasNumberOfObservationsEqualTo(2)
                .hasObservationWithNameEqualTo(ACQUIRE)
                .that()
                .hasBeenStarted()
                .hasBeenStopped()
                .hasContextualNameEqualTo("acquire order")
                .hasLowCardinalityKeyValue("lock.name", "order")
                .hasLowCardinalityKeyValue("outcome", "acquired")
                .hasLowCardinalityKeyValue("lock.handed.off", "false")
                .hasHighCardinalityKeyValue("lock.key", "42")
                .hasHighCardinalityKeyValue("lock.fencing.token", Long.toString(lease.fencingToken()))
                .doesNotHaveError()
                .doesNotHaveParentObservation()
                .backToTestObservationRegistry()
                .hasObservationWithNameEqualTo(HOLD)
                .that()
                .hasBeenStarted()
                .hasBeenStopped()
                .hasContextualNameEqualTo("hold order")
                .hasLowCardinalityKeyValue("lock.name", "order")
                .hasLowCardinalityKeyValue("outcome", "released")
                .hasHighCardinalityKeyValue("lock.key", "42")
                .hasHighCardinalityKeyValue("lock.fencing.token", Long.toString(lease.fencingToken()))
                .doesNotHaveError();
    }

    @Test
    void bothAreChildrenOfTheObservationOfTheCaller() {
        Observation outer = Observation.createNotStarted("outer", this.registry);
        outer.observe(() -> {
            LockLease lease = this.engine.acquire(Engines.order(1));
            assertThat(this.registry.getCurrentObservation()).isEqualTo(outer);
            lease.close();
        });
        TestObservationRegistryAssert.assertThat(this.registry)
                .hasObservationWithNameEqualTo(ACQUIRE)
                .that()
                .hasParentObservationEqualTo(outer)
                .backToTestObservationRegistry()
                .hasObservationWithNameEqualTo(HOLD)
                .that()
                .hasParentObservationEqualTo(outer);
    }

    @Test
    void anAsynchronousCallBelongsToTheOneThatAskedWhateverItsThreadObserves() throws Exception {
        Observation outer = Observation.start("outer", this.registry);
        Observation foreign = Observation.start("foreign", this.registry);
        Future<Observation.Scope> opened = this.callbacks.submit(foreign::openScope);
        opened.get(10, TimeUnit.SECONDS);
        LockLease first = this.engine.acquire(Engines.order(1));
        CompletableFuture<LockLease> second;
        try (Observation.Scope scope = outer.openScope()) {
            second = this.engine
                    .acquireAsync(Engines.order(1, Duration.ofSeconds(30)))
                    .toCompletableFuture();
        }
        first.close();
        LockLease lease = second.get(10, TimeUnit.SECONDS);
        lease.close();
        assertThat(this.recorded.ended(ACQUIRE)).last().satisfies(asked -> {
            assertThat(asked.getParentObservation()).isEqualTo(outer);
            assertThat(asked.isHandedOff()).isTrue();
        });
        assertThat(this.recorded.ended(HOLD))
                .last()
                .satisfies(held -> assertThat(held.getParentObservation()).isEqualTo(outer));
        assertThat(this.recorded.ended(HOLD))
                .first()
                .satisfies(held -> assertThat(held.getParentObservation()).isNull());
    }

    @Test
    void anAsynchronousCallWithoutObservationGetsNoneOfTheThreadThatCompletesIt() throws Exception {
        Observation foreign = Observation.start("foreign", this.registry);
        Future<Observation.Scope> opened = this.callbacks.submit(foreign::openScope);
        opened.get(10, TimeUnit.SECONDS);
        this.engine
                .acquireAsync(Engines.order(1))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .close();
        assertThat(this.recorded.ended(HOLD))
                .singleElement()
                .satisfies(held -> assertThat(held.getParentObservation()).isNull());
    }

    @Test
    void contentionIsAnOutcomeAndNoError() {
        LockLease other =
                Engines.over(this.store, request -> null, Runnable::run).acquire(Engines.order(1));
        assertThatThrownBy(() -> this.engine.acquire(Engines.order(1))).isInstanceOf(LockNotAcquiredException.class);
        other.close();
        assertRefused("contended", null);
    }

    @Test
    void aFailureOfTheStoreIsAnError() {
        this.store.refuses(true);
        assertThatThrownBy(() -> this.engine.acquire(Engines.order(1))).isInstanceOf(LockStoreException.class);
        assertRefused("store-failure", LockStoreException.class);
    }

    @Test
    void anEngineThatIsClosedIsAnError() {
        this.engine.close();
        assertThatThrownBy(() -> this.engine.acquire(Engines.order(1))).isInstanceOf(LockShutdownException.class);
        assertRefused("shutdown", LockShutdownException.class);
    }

    @Test
    void anInterruptIsAnOutcomeAndNoError() {
        LockLease other =
                Engines.over(this.store, request -> null, Runnable::run).acquire(Engines.order(1));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> this.engine.acquire(Engines.order(1, Duration.ofSeconds(30))))
                .isInstanceOf(LockInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        other.close();
        assertRefused("interrupted", null);
    }

    @Test
    void aCallThatIsCancelledIsInterrupted() {
        LockLease other =
                Engines.over(this.store, request -> null, Runnable::run).acquire(Engines.order(1));
        CompletionStage<LockLease> asked = this.engine.acquireAsync(Engines.order(1, Duration.ofSeconds(30)));
        assertThat(this.recorded.running()).containsExactly(ACQUIRE);
        asked.toCompletableFuture().cancel(false);
        await().untilAsserted(() -> assertThat(this.recorded.running()).isEmpty());
        other.close();
        assertRefused("interrupted", null);
    }

    @Test
    void anythingElseIsAnError() {
        call(this.monitor).refused(new StackOverflowError("of the test"));
        assertRefused("error", StackOverflowError.class);
    }

    private void assertRefused(String outcome, Class<? extends Throwable> error) {
        assertThat(this.recorded.running()).isEmpty();
        assertThat(this.recorded.ended(HOLD)).isEmpty();
        assertThat(this.recorded.ended(ACQUIRE)).singleElement().satisfies(asked -> {
            assertThat(value(asked, "outcome")).isEqualTo(outcome);
            if (error == null) {
                assertThat(asked.getError()).isNull();
            } else {
                assertThat(asked.getError()).isInstanceOf(error);
            }
            assertThat(asked.getHighCardinalityKeyValue("lock.fencing.token")).isNull();
        });
    }

    @Test
    void aLossIsAnErrorOfTheHold() {
        this.store.renewals(() -> RenewOutcome.NOT_OWNER);
        LockLease lease =
                this.engine.acquire(Engines.request(LockName.of("order", 1), Duration.ZERO, Duration.ofSeconds(1)));
        await().untilAsserted(() -> assertThat(this.recorded.running()).isEmpty());
        lease.close();
        assertThat(this.recorded.ended(HOLD)).singleElement().satisfies(held -> {
            assertThat(value(held, "outcome")).isEqualTo("lost");
            assertThat(held.getError()).isInstanceOf(LeaseLostException.class);
        });
    }

    @Test
    void aLockThatIsEnteredAgainIsNotObservedAgain() {
        LockLease outer = this.engine.acquire(Engines.order(1));
        this.engine.acquire(Engines.order(1)).close();
        outer.close();
        TestObservationRegistryAssert.assertThat(this.registry).hasNumberOfObservationsEqualTo(2);
    }

    @Test
    void anEndThatIsToldBeforeTheBeginningEndsTheHoldThere() {
        LockMonitor.Call call = call(this.monitor);
        call.lost(new LeaseLostException(LockName.of("order"), 7, "of the test"));
        assertThat(this.recorded.running()).containsExactly(ACQUIRE);
        call.acquired(7, false);
        assertThat(this.recorded.running()).isEmpty();
        assertThat(this.recorded.ended(HOLD)).singleElement().satisfies(held -> {
            assertThat(value(held, "outcome")).isEqualTo("lost");
            assertThat(held.getError()).isInstanceOf(LeaseLostException.class);
        });
    }

    @Test
    void aHoldThatItsCallerDidNotGetIsNotObserved() {
        LockMonitor.Call call = call(this.monitor);
        call.released();
        call.refused(new LockStoreException("of the test", null, LockStoreException.Outcome.NOT_EXECUTED));
        call.released();
        assertRefused("store-failure", LockStoreException.class);
    }

    @Test
    void whatIsToldTwiceIsObservedOnce() {
        LockMonitor.Call call = call(this.monitor);
        call.acquired(7, false);
        call.acquired(7, false);
        call.refused(new IllegalStateException());
        call.released();
        call.released();
        assertThat(this.recorded.running()).isEmpty();
        assertThat(this.recorded.ended(ACQUIRE)).hasSize(1);
        assertThat(this.recorded.ended(HOLD)).hasSize(1);
    }

    @Test
    void beginningAndEndToldAtTheSameMomentLeaveNothingBehind() throws Exception {
        int calls = 2_000;
        CyclicBarrier together = new CyclicBarrier(2);
        for (int i = 0; i < calls; i++) {
            LockMonitor.Call call = call(this.monitor);
            Future<?> end = this.callbacks.submit(() -> {
                together.await(10, TimeUnit.SECONDS);
                call.released();
                return null;
            });
            together.await(10, TimeUnit.SECONDS);
            call.acquired(i, false);
            end.get(10, TimeUnit.SECONDS);
        }
        assertThat(this.recorded.running()).isEmpty();
        assertThat(this.recorded.ended(HOLD)).hasSize(calls).allMatch(held -> held.outcome() == LockOutcome.RELEASED);
    }

    @Test
    void keysAreMaskedWhereTheApplicationWantsThat() {
        LockRequest request = LockSettings.DEFAULTS
                .maskKeys(true)
                .resolve(LockOptions.named("order").key("alice@example.org"));
        this.engine.acquire(request).close();
        assertThat(this.recorded.ended(HOLD)).singleElement().satisfies(held -> {
            assertThat(Objects.requireNonNull(held.getHighCardinalityKeyValue("lock.key"))
                            .getValue())
                    .startsWith("#");
            assertThat(held.key()).startsWith("#");
            assertThat(held.fullName()).startsWith("order:#");
            assertThat(held.getAllKeyValues().toString()).doesNotContain("alice");
        });
    }

    @Test
    void namesBeyondTheLimitShareOne() {
        for (String name : new String[] {"a", "b", "c", "d", "e", "a"}) {
            this.engine
                    .acquire(Engines.request(LockName.of(name), Duration.ZERO, Duration.ofSeconds(30)))
                    .close();
        }
        assertThat(this.recorded.ended(ACQUIRE))
                .extracting(asked -> value(asked, "lock.name"))
                .containsExactly("a", "b", "c", "other", "other", "a");
    }

    @Test
    void nothingIsObservedWithoutHandlers() {
        ObservedLocks unheard = new ObservedLocks(ObservationRegistry::create, null, new BoundedNames(3));
        assertThat(unheard.begin(Engines.order(1))).isNull();
    }

    @Test
    void aConventionOfTheApplicationNamesBothAndIsAskedForThePredicates() {
        this.registry.observationConfig().observationPredicate((name, context) -> !"my.hold".equals(name));
        LockMonitor.Call call = call(new ObservedLocks(
                () -> this.registry,
                new DefaultLockObservationConvention() {

                    @Override
                    public String nameOf(LockObservation observation) {
                        return observation == LockObservation.HOLD ? "my.hold" : "my.acquire";
                    }

                    @Override
                    public KeyValues getLowCardinalityKeyValues(LockObservationContext context) {
                        return super.getLowCardinalityKeyValues(context).and("team", "blue");
                    }
                },
                new BoundedNames(3)));
        call.acquired(1, false);
        call.released();
        TestObservationRegistryAssert.assertThat(this.registry)
                .hasNumberOfObservationsEqualTo(1)
                .hasObservationWithNameEqualTo("my.acquire")
                .that()
                .hasLowCardinalityKeyValue("team", "blue")
                .hasBeenStopped();
    }

    private static LockMonitor.Call call(ObservedLocks monitor) {
        return Objects.requireNonNull(monitor.begin(Engines.order(1)));
    }

    private static String value(LockObservationContext context, String key) {
        return Objects.requireNonNull(context.getLowCardinalityKeyValue(key)).getValue();
    }

    @Test
    void outcomesOfFailuresAreThoseOfTheirTypes() {
        LockException contended = new LockNotAcquiredException(LockName.of("order"), Duration.ZERO, null);
        assertThat(LockOutcome.of(contended)).isEqualTo(LockOutcome.CONTENDED);
        assertThat(LockOutcome.of(new IllegalStateException())).isEqualTo(LockOutcome.ERROR);
    }
}
