package io.github.lockspring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** The spans of locks, by a real tracer: whose children they are, what they carry, how they end. */
class LockSpansTests {

    private static final LockOptions ORDER = LockOptions.named("order").key(42).waitTime(Duration.ZERO);

    private static final LockOptions PATIENT = ORDER.waitForever();

    @Test
    void areChildrenOfTheCallersSpanAndCarryTheLock() {
        try (TracedApplication application = TracedApplication.start("none")) {
            application.observed(() -> application.bean(TracedOrders.class).blocking(42));

            assertChildren(application, application.span("caller"));
            SpanData acquire = application.span("acquire order");
            SpanData hold = application.span("hold order");
            assertThat(attributes(acquire)).containsEntry("outcome", "acquired").containsEntry("lock.name", "order");
            assertThat(attributes(hold))
                    .containsEntry("outcome", "released")
                    .containsEntry("lock.name", "order")
                    .containsEntry("lock.key", "42")
                    .containsEntry("lock.handed.off", "false")
                    .containsKey("lock.fencing.token");
            assertThat(hold.getStartEpochNanos()).isGreaterThanOrEqualTo(acquire.getStartEpochNanos());
            assertThat(List.of(acquire, hold)).allSatisfy(LockSpansTests::assertNoError);
            assertNoMeterHasAKey(application);
        }
    }

    @Test
    void keysAreMaskedWhereTheyAreElsewhere() {
        try (TracedApplication application = TracedApplication.start("none", "--distributed-lock.mask-keys=true")) {
            application.observed(() -> application.bean(TracedOrders.class).blocking(42));
            assertThat(attributes(application.span("hold order")).get("lock.key"))
                    .startsWith("#")
                    .isNotEqualTo("42");
        }
    }

    /** That another caller has the lock is no error. */
    @Test
    void aRefusalIsAnOutcome() {
        try (TracedApplication application = TracedApplication.start("none");
                LockLease other = application
                        .locks()
                        .acquireAsync(ORDER)
                        .toCompletableFuture()
                        .join()) {
            application.observed(() -> assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> application.locks().acquire(ORDER)));

            List<SpanData> children = childrenOf(application, application.span("caller"), 1);
            assertThat(children).hasSize(1);
            assertThat(children.get(0).getName()).isEqualTo("acquire order");
            assertThat(attributes(children.get(0)))
                    .containsEntry("outcome", "contended")
                    .doesNotContainKey("lock.fencing.token");
            assertNoError(children.get(0));
            assertThat(other.isHeld()).isTrue();
        }
    }

    @Test
    void aFailureOfTheStoreIsAnError() {
        try (TracedApplication application = TracedApplication.start(
                "none",
                "--distributed-lock.store=redis",
                "--distributed-lock.redis.command-timeout=1s",
                "--spring.data.redis.host=127.0.0.1",
                "--spring.data.redis.port=1")) {
            application.observed(() -> assertThatExceptionOfType(LockStoreException.class)
                    .isThrownBy(() -> application.locks().acquire(ORDER)));

            SpanData acquire = application.span("acquire order");
            assertThat(acquire.getParentSpanId())
                    .isEqualTo(application.span("caller").getSpanId());
            assertThat(attributes(acquire)).containsEntry("outcome", "store-failure");
            assertError(acquire, LockStoreException.class);
        }
    }

    @Test
    void aLostLeaseIsAnErrorOfTheHold() {
        try (TracedApplication application = TracedApplication.start("none")) {
            application.observed(() -> {
                try (LockLease lease = application.locks().acquire(ORDER)) {
                    application.bean(LockEngine.class).forceRelease(ORDER.lockName(), null);
                    assertThat(lease.isLost()).isTrue();
                }
            });
            SpanData hold = application.span("hold order");
            assertChildren(application, application.span("caller"));
            assertThat(attributes(hold)).containsEntry("outcome", "lost");
            assertError(hold, LeaseLostException.class);
        }
    }

    /** The caller has long gone on when the thread of another one hands the lock over. */
    @Test
    void ofAnAsynchronousCallAreChildrenOfTheCallersSpan() throws Exception {
        try (TracedApplication application = TracedApplication.start("none", "--distributed-lock.hand-over-after=1m")) {
            LockLease other = application
                    .locks()
                    .acquireAsync(ORDER)
                    .toCompletableFuture()
                    .get(1, TimeUnit.MINUTES);
            AtomicReference<CompletionStage<LockLease>> asked = new AtomicReference<>();
            application.observed(() -> asked.set(application.locks().acquireAsync(PATIENT)));
            SpanData caller = application.span("caller");
            assertThat(asked.get().toCompletableFuture()).isNotDone();

            CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(
                    () -> application.observed(other::close),
                    CompletableFuture.delayedExecutor(0, TimeUnit.MILLISECONDS));
            elsewhere.get(1, TimeUnit.MINUTES);
            LockLease lease = asked.get().toCompletableFuture().get(1, TimeUnit.MINUTES);
            CompletableFuture.runAsync(() -> application.observed(lease::close)).get(1, TimeUnit.MINUTES);

            List<SpanData> children = childrenOf(application, caller, 2);
            assertThat(children).extracting(SpanData::getName).containsExactlyInAnyOrder("acquire order", "hold order");
            assertThat(children).allSatisfy(span -> {
                assertThat(span.getTraceId()).isEqualTo(caller.getTraceId());
                assertThat(attributes(span))
                        .containsEntry("lock.handed.off", "true")
                        .containsEntry("lock.fencing.token", Long.toString(lease.fencingToken()));
                assertThat(span.getEndEpochNanos()).isGreaterThan(caller.getEndEpochNanos());
            });
        }
    }

    @Test
    void ofAHoldThatEndsOnAnotherThreadAreChildrenOfTheCallersSpan() {
        try (TracedApplication application = TracedApplication.start("none")) {
            application.observed(() -> {
                LockLease lease = application.locks().acquire(ORDER);
                CompletableFuture.runAsync(() -> application.observed(lease::close))
                        .join();
            });
            SpanData caller = application.spans().stream()
                    .filter(span -> span.getName().equals("caller"))
                    .max((one, other) -> Long.compare(one.getEndEpochNanos(), other.getEndEpochNanos()))
                    .orElseThrow();
            assertChildren(application, caller);
        }
    }

    /** Reactor's context says who has subscribed; other threads subscribe. */
    @Test
    void ofAPipelineAreChildrenOfItsSubscribersSpan() {
        try (TracedApplication application =
                TracedApplication.start("none", "--spring.reactor.context-propagation=auto")) {
            ReactiveLockOperations locks = application.bean(ReactiveLockOperations.class);
            application.observed(() -> Mono.just(1)
                    .delayElement(Duration.ofMillis(10))
                    .flatMap(one -> locks.withLock(
                            PATIENT, application.bean(TracedOrders.class).mono(43)))
                    .block(Duration.ofMinutes(1)));
            SpanData caller = application.span("caller");
            assertThat(childrenOf(application, caller, 4))
                    .extracting(SpanData::getName)
                    .containsExactlyInAnyOrder("acquire order", "hold order", "acquire order", "hold order");
        }
    }

    @ParameterizedTest
    @CsvSource({"servlet, blocking", "servlet, future", "servlet, mono", "reactive, future", "reactive, mono"})
    void ofARequestAreChildrenOfItsSpan(String type, String kind) throws Exception {
        try (TracedApplication application =
                TracedApplication.start(type, "--spring.reactor.context-propagation=auto")) {
            assertThat(application.get("/" + kind + "/42")).isEqualTo(200);

            SpanData request = application.root();
            assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
            List<SpanData> spans = application.spans();
            assertThat(spans).allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(request.getTraceId()));
            assertChildren(application, request);
        }
    }

    private static void assertChildren(TracedApplication application, SpanData parent) {
        SpanData acquire = application.span("acquire order");
        SpanData hold = application.span("hold order");
        assertThat(List.of(acquire, hold)).allSatisfy(span -> {
            assertThat(span.getParentSpanId()).as(span.toString()).isEqualTo(parent.getSpanId());
            assertThat(span.getTraceId()).isEqualTo(parent.getTraceId());
        });
    }

    /** Waits until there are so many: they may end after what the caller waits for. */
    private static List<SpanData> childrenOf(TracedApplication application, SpanData parent, int count) {
        return Awaitility.await()
                .until(
                        () -> application.spans().stream()
                                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
                                .toList(),
                        children -> children.size() >= count);
    }

    private static Map<String, String> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(
                        each -> each.getKey().getKey(), each -> each.getValue().toString()));
    }

    private static void assertNoError(SpanData span) {
        assertThat(span.getStatus().getStatusCode()).as(span.toString()).isNotEqualTo(StatusCode.ERROR);
        assertThat(span.getEvents()).isEmpty();
    }

    private static void assertError(SpanData span, Class<? extends Exception> type) {
        assertThat(span.getStatus().getStatusCode()).as(span.toString()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getEvents())
                .extracting(event -> event.getAttributes().get(AttributeKey.stringKey("exception.type")))
                .contains(type.getName());
    }

    /** They are for spans alone: each value would be a time series. */
    private static void assertNoMeterHasAKey(TracedApplication application) {
        List<String> names = application.bean(MeterRegistry.class).getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("distributed.lock."))
                .flatMap(meter -> meter.getId().getTags().stream())
                .map(Tag::getKey)
                .toList();
        assertThat(names).contains("lock.name", "outcome").doesNotContain("lock.key", "lock.fencing.token");
    }
}
