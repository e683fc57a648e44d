package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Work under a lock: results, exceptions, and a lease that is lost meanwhile. */
final class LockTemplateTests {

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
    void takesANameForALock() {
        assertThat(this.template.<Integer, RuntimeException>execute("nightly", () -> 7))
                .isEqualTo(7);
        assertThat(this.engine.requests.get(0).name()).isEqualTo(LockName.of("nightly"));
    }

    /** That these lines compile is half of the test: with and without result, lambda or method reference. */
    @Test
    void takesWorkWithoutResult() throws IOException {
        List<Object> seen = new ArrayList<>();
        LockOptions order = LockOptions.named("order");

        this.template.execute("order", seen::clear);
        this.template.execute("order", () -> seen.add("with result"));
        this.template.execute(order, () -> seen.forEach(each -> {}));
        this.template.execute(order, this::checked);
        this.template.executeWithoutResult(order, lease -> seen.add(lease.fencingToken()));
        this.template.executeWithoutResult(order, seen::add);

        assertThat(seen).containsExactly("with result", this.lease.fencingToken(), this.lease);
        assertThat(this.engine.requests).hasSize(6);
    }

    private void checked() throws IOException {
        if (this.lease.lost) {
            throw new IOException("of the application");
        }
    }

    @Test
    void checkedExceptionsPassUnchanged() {
        IOException failure = new IOException("of the application");
        assertThatThrownBy(() -> this.template.execute("order", () -> {
                    throw failure;
                }))
                .isSameAs(failure)
                .hasNoSuppressedExceptions();
        assertThat(this.lease.closed).isEqualTo(1);
    }

    @Test
    void aLostLeaseFailsWorkThatReturned() {
        assertThatThrownBy(() -> this.template.execute("order", () -> {
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
        assertThatThrownBy(() -> this.template.execute("order", () -> {
                    this.lease.lost = true;
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aLossThatClosingShowsFailsWorkThatReturned() {
        this.lease.lostWhenClosed = true;
        assertThatThrownBy(() -> this.template.execute("order", () -> "done"))
                .isInstanceOf(LeaseLostException.class)
                .hasNoSuppressedExceptions();
        assertThat(this.lease.closed).isEqualTo(1);
    }

    @Test
    void aLossThatClosingShowsIsSuppressedIntoTheFailureOfTheWork() {
        this.lease.lostWhenClosed = true;
        IOException failure = new IOException("of the application");
        assertThatThrownBy(() -> this.template.execute("order", () -> {
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
        assertThatThrownBy(() -> this.template.execute("order", () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).containsExactly(this.lease.closingFailure);

        this.lease.lostWhenClosed = true;
        IOException next = new IOException("of the application");
        assertThatThrownBy(() -> this.template.execute("order", () -> {
                    throw next;
                }))
                .isSameAs(next);
        assertThat(next.getSuppressed()).hasSize(2).startsWith(this.lease.closingFailure);
        assertThat(next.getSuppressed()[1]).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aFailureToCloseFailsWorkThatReturned() {
        this.lease.closingFailure = new IllegalStateException("while closing");
        assertThatThrownBy(() -> this.template.execute("order", () -> "done")).isSameAs(this.lease.closingFailure);
    }

    @Test
    void aTryDoesNotWaitUnlessToldTo() {
        assertThat(this.template.tryAcquire(LockOptions.named("order"))).contains(this.lease);
        assertThat(this.template.tryAcquire(LockOptions.named("order").waitTime(Duration.ofSeconds(1))))
                .isPresent();
        assertThat(this.engine.requests)
                .extracting(LockRequest::waitTime)
                .containsExactly(Duration.ZERO, Duration.ofSeconds(1));
    }

    @Test
    void aTryIsEmptyOnlyWhenSomebodyElseHasTheLock() {
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
    }

    private final class StubEngine implements LockEngine {

        private final List<LockRequest> requests = new ArrayList<>();

        private LockException failure;

        @Override
        public LockLease acquire(LockRequest request) {
            this.requests.add(request);
            if (this.failure != null) {
                throw this.failure;
            }
            return LockTemplateTests.this.lease;
        }

        @Override
        public CompletionStage<LockLease> acquireAsync(LockRequest request) {
            return CompletableFuture.completedFuture(acquire(request));
        }

        @Override
        public Optional<LockHolder> holder(LockName name) {
            return Optional.of(new LockHolder(name.fullName(), Duration.ofSeconds(1)));
        }

        @Override
        public void close() {}
    }
}
