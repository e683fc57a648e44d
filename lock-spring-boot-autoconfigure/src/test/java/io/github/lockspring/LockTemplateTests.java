package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockSettings.PerName;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Work under a lock: results, exceptions, and a lease that is lost meanwhile. */
class LockTemplateTests {

    private final StubLease lease = new StubLease();

    private final StubEngine engine = new StubEngine();

    private final LockTemplate template = new LockTemplate(this.engine, LockSettings.DEFAULTS);

    @Test
    void runsTheWorkInsideTheLock() {
        String result = this.template.execute(LockOptions.named("order").key(1), held -> {
            assertThat(held).isSameAs(this.lease);
            assertThat(this.lease.closed).isZero();
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(this.lease.closed).isEqualTo(1);
        assertThat(this.engine.requests)
                .singleElement()
                .satisfies(request -> assertThat(request.name()).isEqualTo(LockName.of("order", 1)));
    }

    @Test
    void runsNothingWhereTheEngineIsAMockThatReturnsNoLease() {
        LockTemplate mocked = new LockTemplate(mock(LockEngine.class), LockSettings.DEFAULTS);
        assertThatIllegalStateException()
                .isThrownBy(() -> mocked.run("order", () -> {
                    throw new AssertionError("must not run");
                }))
                .withMessageContaining("returned no lease for lock 'order'");
    }

    @Test
    void takesANameForALock() {
        int seven = this.template.call("nightly", () -> 7);
        assertThat(seven).isEqualTo(7);
        assertThat(this.engine.requests.get(0).name()).isEqualTo(LockName.of("nightly"));
    }

    /** That these lines compile is half of the test: with and without result, lambda or method reference. */
    @Test
    void takesWorkWithoutResult() throws IOException {
        List<Object> seen = new ArrayList<>();
        LockOptions order = LockOptions.named("order");

        this.template.run("order", seen::clear);
        this.template.run("order", () -> seen.add("with result"));
        this.template.run(order, () -> seen.forEach(each -> {}));
        this.template.run(order, this::checked);
        this.template.executeWithoutResult(order, lease -> seen.add(lease.fencingToken()));
        this.template.executeWithoutResult("order", seen::add);

        assertThat(seen).containsExactly("with result", this.lease.fencingToken(), this.lease);
        assertThat(this.engine.requests).hasSize(6);
    }

    /** The same for work with a result; only {@code call} lets checked exceptions through. */
    @Test
    void takesWorkWithResult() throws IOException {
        LockOptions order = LockOptions.named("order");

        long token = this.template.execute(order, LockLease::fencingToken);
        String name = this.template.execute("order", LockLease::name);
        int checked = this.template.call(order, this::checkedResult);
        long checkedToken = this.template.call(order, held -> held.fencingToken() + checkedResult());
        String nothing = this.template.execute("order", held -> null);

        assertThat(token).isEqualTo(4711);
        assertThat(name).isEqualTo("order");
        assertThat(checked).isEqualTo(1);
        assertThat(checkedToken).isEqualTo(4712);
        assertThat(nothing).isNull();
        assertThat(this.engine.requests).hasSize(5);
    }

    private int checkedResult() throws IOException {
        checked();
        return 1;
    }

    private void checked() throws IOException {
        if (this.lease.lost) {
            throw new IOException("of the application");
        }
    }

    @Test
    void checkedExceptionsPassUnchanged() {
        IOException failure = new IOException("of the application");
        assertThatThrownBy(() -> this.template.call("order", () -> {
                    throw failure;
                }))
                .isSameAs(failure)
                .hasNoSuppressedExceptions();
        assertThat(this.lease.closed).isEqualTo(1);
    }

    @Test
    void aLostLeaseFailsWorkThatReturned() {
        assertThatThrownBy(() -> this.template.call("order", () -> {
                    this.lease.lost = true;
                    return "done";
                }))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("'order'")
                .hasMessageContaining("4711");
        assertThat(this.lease.closed).isEqualTo(1);
    }

    @Test
    void aLostLeaseIsSuppressedIntoTheFailureOfTheWork() {
        IOException failure = new IOException("of the application");
        assertThatThrownBy(() -> this.template.call("order", () -> {
                    this.lease.lost = true;
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aLossThatClosingShowsFailsWorkThatReturned() {
        this.lease.lostWhenClosed = true;
        assertThatThrownBy(() -> this.template.call("order", () -> "done"))
                .isInstanceOf(LeaseLostException.class)
                .hasNoSuppressedExceptions();
        assertThat(this.lease.closed).isEqualTo(1);
    }

    @Test
    void aLossThatClosingShowsIsSuppressedIntoTheFailureOfTheWork() {
        this.lease.lostWhenClosed = true;
        IOException failure = new IOException("of the application");
        assertThatThrownBy(() -> this.template.call("order", () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(LeaseLostException.class);
        assertThat(this.lease.closed).isEqualTo(1);
    }

    @Test
    void aFailureToCloseIsSuppressedIntoTheFailureOfTheWork() {
        this.lease.closingFailure = new IllegalStateException("while closing");
        IOException failure = new IOException("of the application");
        assertThatThrownBy(() -> this.template.call("order", () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).containsExactly(this.lease.closingFailure);

        this.lease.lostWhenClosed = true;
        IOException next = new IOException("of the application");
        assertThatThrownBy(() -> this.template.call("order", () -> {
                    throw next;
                }))
                .isSameAs(next);
        assertThat(next.getSuppressed()).hasSize(2).startsWith(this.lease.closingFailure);
        assertThat(next.getSuppressed()[1]).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aFailureToCloseFailsWorkThatReturned() {
        this.lease.closingFailure = new IllegalStateException("while closing");
        assertThatThrownBy(() -> this.template.call("order", () -> "done")).isSameAs(this.lease.closingFailure);
    }

    /** Neither the options nor a setting of the name have a say. */
    @Test
    void aTryWaitsAsLongAsItIsToldTo() {
        LockOptions order = LockOptions.named("order").waitTime(Duration.ofSeconds(2));
        Duration second = Duration.ofSeconds(1);
        PerName threeSeconds = PerName.of(LockTimes.NONE.waitTime(Duration.ofSeconds(3)));
        LockTemplate overridden = new LockTemplate(
                this.engine, new LockSettings(second, Duration.ofSeconds(30), true, Map.of("order", threeSeconds)));

        assertThat(overridden.tryAcquire(order)).contains(this.lease);
        assertThat(overridden.tryAcquire(order, second)).contains(this.lease);
        assertThat(overridden.tryAcquireAsync(order)).isCompletedWithValue(Optional.of(this.lease));
        assertThat(overridden.tryAcquireAsync(order, second)).isCompletedWithValue(Optional.of(this.lease));
        assertThat(this.engine.requests)
                .extracting(LockRequest::waitTime)
                .containsExactly(Duration.ZERO, second, Duration.ZERO, second);
    }

    @Test
    void aTryRefusesAnInvalidWaitTime() {
        LockOptions order = LockOptions.named("order");
        assertThatIllegalArgumentException().isThrownBy(() -> this.template.tryAcquire(order, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> this.template.tryAcquire(order, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> this.template.tryAcquireAsync(order, Duration.ofSeconds(-1)));
        assertThat(this.engine.requests).isEmpty();
    }

    @Test
    void anAsynchronousTryIsEmptyOnlyIfAnotherCallerHasTheLock() {
        this.engine.failure = new LockNotAcquiredException(LockName.of("order"), Duration.ZERO, null);
        assertThat(this.template.tryAcquireAsync(LockOptions.named("order"))).isCompletedWithValue(Optional.empty());
        this.engine.failure = new LockStoreException("down", null, LockStoreException.Outcome.UNKNOWN);
        assertThat(this.template.tryAcquireAsync(LockOptions.named("order")))
                .isCompletedExceptionally()
                .satisfies(stage -> assertThat(
                                stage.handle((lease, failure) -> failure).toCompletableFuture())
                        .isCompletedWithValue(this.engine.failure));
    }

    @Test
    void cancellingAnAsynchronousTryWithdrawsTheRequest() {
        this.engine.pending = new CompletableFuture<>();
        this.template
                .tryAcquireAsync(LockOptions.named("order"))
                .toCompletableFuture()
                .cancel(false);
        assertThat(this.engine.pending).isCancelled();
    }

    /** The lease may be on its way already when the request is withdrawn. */
    @Test
    void whoGivesAnAsynchronousTryUpLeavesNoLock() {
        this.engine.pending = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                return false;
            }
        };
        this.template
                .tryAcquireAsync(LockOptions.named("order"))
                .toCompletableFuture()
                .cancel(false);
        this.engine.pending.complete(this.lease);
        assertThat(this.lease.closed).isEqualTo(1);
    }

    @Test
    void acquiresUninterruptibly() {
        assertThat(this.template.acquireUninterruptibly(
                        LockOptions.named("order").waitForever()))
                .isSameAs(this.lease);
        assertThat(this.engine.uninterruptible)
                .singleElement()
                .satisfies(request -> assertThat(request.waitTime()).isEqualTo(LockDurations.FOREVER));
    }

    @Test
    void aTryIsEmptyOnlyIfAnotherCallerHasTheLock() {
        this.engine.failure = new LockNotAcquiredException(LockName.of("order"), Duration.ZERO, null);
        assertThat(this.template.tryAcquire(LockOptions.named("order"))).isEmpty();
        this.engine.failure = new LockStoreException("down", null, LockStoreException.Outcome.UNKNOWN);
        assertThatThrownBy(() -> this.template.tryAcquire(LockOptions.named("order")))
                .isSameAs(this.engine.failure);
    }

    @Test
    void acquiresAsynchronouslyAndAsksForTheHolder() {
        assertThat(this.template.acquireAsync(LockOptions.named("order"))).isCompletedWithValue(this.lease);
        assertThat(this.template.holder("order", 1)).contains(new LockHolder("order:1", Duration.ofSeconds(1)));
        assertThat(this.template.holder(LockOptions.named("order").key(1).waitForever()))
                .isEqualTo(this.template.holder("order", 1));
    }

    @Test
    void workThatNeedNotBeDoneTwiceIsLeftOutWhenAnotherCallerHasTheLock() {
        LockOptions order = LockOptions.named("order");
        List<String> done = new ArrayList<>();
        assertThat(this.template.tryRun(order, () -> done.add("first"))).isTrue();
        assertThat(this.template.tryExecute(order, held -> held.fencingToken())).contains(4711L);
        assertThat(this.lease.closed).isEqualTo(2);

        this.engine.failure = new LockNotAcquiredException(LockName.of("order"), Duration.ZERO, null);
        assertThat(this.template.tryRun(order, () -> done.add("second"))).isFalse();
        assertThat(this.template.<String>tryExecute(order, held -> "second")).isEmpty();
        assertThat(done).containsExactly("first");
    }

    @Test
    void onlyTheOwnLockIsAnsweredByLeavingTheWorkOut() {
        LockOptions order = LockOptions.named("order");
        LockException inner = new LockNotAcquiredException(LockName.of("stock"), Duration.ZERO, null);
        assertThatThrownBy(() -> this.template.tryRun(order, () -> {
                    throw inner;
                }))
                .isSameAs(inner);
        assertThatThrownBy(() -> this.template.tryExecute(order, held -> {
                    throw inner;
                }))
                .isSameAs(inner);

        this.engine.failure = new LockShutdownException(LockName.of("order"));
        assertThatThrownBy(() -> this.template.tryRun(order, () -> {})).isSameAs(this.engine.failure);
    }

    @Test
    void leasesAreGivenToTheCallerByTheStrategy() {
        StubLease given = new StubLease();
        List<String> asked = new ArrayList<>();
        LockTemplate deferring = new LockTemplate(this.engine, LockSettings.DEFAULTS, request -> {
            asked.add(request.name().fullName());
            return lease -> given;
        });
        LockOptions order = LockOptions.named("order");
        assertThat(deferring.acquire(order)).isSameAs(given);
        assertThat(deferring.acquireUninterruptibly(order)).isSameAs(given);
        assertThat(deferring.tryAcquire(order)).containsSame(given);
        assertThat(deferring.acquireAsync(order)).isCompletedWithValue(given);
        assertThat(deferring.tryAcquireAsync(order)).isCompletedWithValue(Optional.of(given));
        deferring.run(order, () -> {});
        assertThat(given.closed).isEqualTo(1);
        assertThat(asked).hasSize(6).containsOnly("order");
    }

    @Test
    void aLockIsGivenBackWhereTheStrategyFails() {
        IllegalStateException failure = new IllegalStateException("no transaction");
        LockTemplate failing = new LockTemplate(this.engine, LockSettings.DEFAULTS, request -> lease -> {
            throw failure;
        });
        assertThatThrownBy(() -> failing.acquire(LockOptions.named("order"))).isSameAs(failure);
        assertThat(failing.acquireAsync(LockOptions.named("order"))).isCompletedExceptionally();
        assertThat(this.lease.closed).isEqualTo(2);
    }

    @Test
    void aRefusalOfTheStrategyFailsTheStage() {
        IllegalStateException refusal = new IllegalStateException("inside of a transaction");
        LockTemplate refusing = new LockTemplate(this.engine, LockSettings.DEFAULTS, request -> {
            throw refusal;
        });
        assertThat(refusing.acquireAsync(LockOptions.named("order")))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCause(refusal);
        assertThat(this.engine.requests).isEmpty();
    }

    /** The listener stays with the hold, which may be re-entered for as long as it likes. */
    @Test
    void workThatIsOverIsNotKeptByWhatInterruptsItsThread() {
        LockTemplate interrupting = new LockTemplate(
                this.engine, new LockSettings(PerName.of(LockTimes.NONE).onLost(OnLost.INTERRUPT), Map.of(), false));
        Object argument = new Object();
        WeakReference<Object> kept = new WeakReference<>(argument);
        assertThat(interrupting.call(LockOptions.named("order"), workWith(argument)))
                .isEqualTo("done");
        argument = null;

        await().untilAsserted(() -> {
            System.gc();
            assertThat(kept.refersTo(null)).isTrue();
        });
        assertThat(this.lease.lossListeners).hasSize(1).allSatisfy(Runnable::run);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private static LockCallback<String, RuntimeException> workWith(Object argument) {
        return lease -> argument.equals(lease) ? "equal" : "done";
    }

    private final class StubEngine implements LockEngine {

        private final List<LockRequest> requests = new ArrayList<>();

        private final List<LockRequest> uninterruptible = new ArrayList<>();

        private LockException failure;

        private CompletableFuture<LockLease> pending;

        @Override
        public LockLease acquire(LockRequest request) {
            this.requests.add(request);
            if (this.failure != null) {
                throw this.failure;
            }
            return LockTemplateTests.this.lease;
        }

        @Override
        public LockLease acquireUninterruptibly(LockRequest request) {
            this.uninterruptible.add(request);
            return acquire(request);
        }

        @Override
        public CompletionStage<LockLease> acquireAsync(LockRequest request) {
            if (this.pending != null) {
                return this.pending;
            }
            try {
                return CompletableFuture.completedFuture(acquire(request));
            } catch (LockException ex) {
                return CompletableFuture.failedFuture(ex);
            }
        }

        @Override
        public Optional<LockHolder> holder(LockName name) {
            return Optional.of(new LockHolder(name.fullName(), Duration.ofSeconds(1)));
        }

        @Override
        public void close() {}
    }
}
