package io.github.lockspring.web;

import static io.github.lockspring.web.LockedRequestCase.PATIENCE;
import static io.github.lockspring.web.LockedRequestCase.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Requests whose methods return one of Spring MVC's asynchronous results: who has the lock then, and which thread waits. */
@Tag("default-line")
class LockedRequestTests {

    private static WebServer server;

    /** Its requests have half a second. */
    private static WebServer impatient;

    @BeforeAll
    static void start() {
        Class<?>[] components = {
            AsyncApplication.Threads.class,
            AsyncApplication.class,
            AsyncApplication.Free.class,
            AsyncApplication.Failures.class,
            LockedEndpoints.Orders.class,
            LockedEndpoints.Refused.class,
            LockedEndpoints.Skipped.class,
            Others.class,
            Parts.class,
            Replaced.class
        };
        server = WebServer.start(
                Map.of(
                        "distributed-lock.task-executor",
                        "methodThreads",
                        "distributed-lock.locks.stubborn.on-lost",
                        "interrupt"),
                components);
        impatient = WebServer.start(Map.of("test.timeout", "500"), components);
    }

    @AfterAll
    static void stop() {
        server.close();
        impatient.close();
    }

    @ParameterizedTest
    @EnumSource
    void noThreadWaitsForTheLock(RequestKind kind) throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        LockLease first = test.locks.acquire(test.order);
        CompletableFuture<HttpResponse<String>> response = test.get("/order/" + kind.path);
        test.work.awaitWaiting();
        List<CompletableFuture<HttpResponse<String>>> more = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            more.add(test.get("/order/" + kind.path));
        }
        assertStatus(server.get("/free"), 200);
        assertThat(activeThreads()).isZero();
        assertThat(test.work.calls).hasValue(0);

        test.work.result.complete("done");
        first.close();

        assertStatus(response, kind.status());
        more.forEach(each -> assertThat(each).succeedsWithin(PATIENCE));
        assertThat(test.work.calls).hasValue(6);
        assertThat(test.isLocked()).isFalse();
    }

    private static int activeThreads() {
        return server.context().getBeansOfType(ThreadPoolTaskExecutor.class).values().stream()
                .mapToInt(ThreadPoolTaskExecutor::getActiveCount)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(names = {"CALLABLE", "DEFERRED", "STREAM_ENTITY"})
    void aFallbackAnswersWithoutTheLock(RequestKind kind) {
        LockedRequestCase test = new LockedRequestCase(server);
        try (LockLease first = test.locks.acquire(test.order)) {
            assertThat(test.get("/replaced/" + kind.path))
                    .succeedsWithin(PATIENCE)
                    .extracting(HttpResponse::body)
                    .isEqualTo("instead");
            assertThat(first.isHeld()).isTrue();
        }
        assertThat(test.isLocked()).isFalse();
        assertThat(test.work.calls).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatEndsWhileItWaitsLeavesTheQueue(RequestKind kind) throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        try (LockLease first = test.locks.acquire(test.order)) {
            CompletableFuture<HttpResponse<String>> response = test.get("/order/" + kind.path);
            test.work.awaitWaiting();
            Objects.requireNonNull(test.work.request).getAsyncContext().complete();
            assertStatus(response, 200);
            assertThat(first.isHeld()).isTrue();
        }
        assertThat(test.locks.tryAcquire(test.order)).hasValueSatisfying(LockLease::close);
        assertThat(test.work.calls).hasValue(0);
    }

    @Test
    void aMethodKeepsTheLockUntilItReturnsAlsoAfterATimeout() throws Exception {
        LockedRequestCase test = new LockedRequestCase(impatient);
        CompletableFuture<HttpResponse<String>> response = test.get("/others/slow");
        test.work.awaitBegun();
        assertStatus(response, 503);
        assertThat(test.isLocked()).isTrue();
        test.work.result.complete("too late");
        Work.await(() -> !test.isLocked());
        assertThat(test.work.calls).as("calls of the result").hasValue(0);
    }

    @Test
    void aLostLeaseInterruptsTheThreadOfTheWork() throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        CompletableFuture<HttpResponse<String>> response = test.get("/others/stubborn");
        assertStatus(response, 418);
        assertThat(test.work.interrupted).isCompletedWithValue(true);
        Work.await(() -> !test.isLocked("stubborn"));
    }

    @Test
    void aClientThatIsGoneReleasesTheLock() throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        try (Socket client = new Socket("127.0.0.1", server.port())) {
            client.getOutputStream()
                    .write(("GET /order/events/" + test.id + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            test.work.awaitBegun();
            ResponseBodyEmitter emitter = Objects.requireNonNull(test.work.emitter);
            emitter.send("first");
            assertThat(client.getInputStream().read()).isPositive();
            assertThat(test.isLocked()).isTrue();
            client.setSoLinger(true, 0);
        }
        Work.await(() -> !sent(test.work));
        Work.await(() -> !test.isLocked());
    }

    private static boolean sent(Work work) {
        try {
            Objects.requireNonNull(work.emitter).send("more");
            return true;
        } catch (IOException | IllegalStateException ex) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CALLABLE", "DEFERRED", "STREAM"})
    void resultsThatFollowEachOtherAreInsideOfOneHold(RequestKind kind) throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        CompletableFuture<HttpResponse<String>> response = test.get("/others/outer-" + kind.path);
        test.work.awaitBegun();
        assertThat(test.isLocked()).isTrue();
        assertThat(test.locks.tryAcquire(test.order)).isEmpty();
        test.work.result.complete("done");
        assertStatus(response, 200);
        assertThat(test.isLocked()).isFalse();
    }

    @Test
    void codeThatCompletesADeferredResultEndsTheCall() throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        try (LockLease first = test.locks.acquire(test.order)) {
            CompletableFuture<HttpResponse<String>> response = test.get("/others/early");
            test.work.awaitWaiting();
            assertThat(Objects.requireNonNull(test.work.deferred).setResult("early"))
                    .isTrue();
            assertThat(response)
                    .succeedsWithin(PATIENCE)
                    .extracting(HttpResponse::body)
                    .isEqualTo("early");
            assertThat(first.isHeld()).isTrue();
        }
        assertThat(test.locks.tryAcquire(test.order)).hasValueSatisfying(LockLease::close);
        assertThat(test.work.calls).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"CALLABLE", "TASK", "STREAM"})
    void workThatTheTypeDoesNotTellIsLockedWhenItBegins(RequestKind kind) throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        CompletableFuture<HttpResponse<String>> response = test.get("/others/any-" + kind.path);
        test.work.awaitBegun();
        assertThat(test.isLocked()).isTrue();
        assertThat(test.work.caller).isEqualTo("/others/any-" + kind.path + "/" + test.id);
        test.work.result.complete("done");
        assertThat(response).succeedsWithin(PATIENCE).satisfies(answer -> {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("done");
        });
        assertThat(test.isLocked()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFERRED", "EVENTS"})
    void workThatHasBegunHoldsTheLockUntilItsRequestIsOverWhereTheTypeDoesNotTell(RequestKind kind) throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        CompletableFuture<HttpResponse<String>> response = test.get("/others/any-" + kind.path);
        test.work.awaitWaiting();
        assertThat(test.isLocked()).isTrue();
        test.work.result.complete("done");
        assertThat(response).succeedsWithin(PATIENCE).satisfies(answer -> {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("done");
        });
        Work.await(() -> !test.isLocked());
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFERRED", "EVENTS"})
    void aLostLeaseEndsARequestWhoseTypeDoesNotTell(RequestKind kind) throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        CompletableFuture<HttpResponse<String>> response = test.get("/others/brief-any-" + kind.path);
        if (kind == RequestKind.DEFERRED) {
            assertStatus(response, 409);
        } else {
            assertThat(response).succeedsWithin(PATIENCE);
        }
        Work.await(() -> !test.isLocked());
        assertThat(test.work.result).isNotDone();
    }

    /** As the lock of a result of the declared type is. */
    @Test
    void aLockedResultBehindAnotherTypeIsInsideOfTheSameHold() throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        CompletableFuture<HttpResponse<String>> response = test.get("/others/any-locked");
        test.work.awaitBegun();
        assertThat(test.isLocked()).isTrue();
        test.work.result.complete("done");
        assertStatus(response, 200);
        Work.await(() -> !test.isLocked());
    }

    @Test
    void workThatHasBegunAndIsNotHandledReleasesTheLockWithItsRequest() {
        LockedRequestCase test = new LockedRequestCase(server);
        assertStatus(test.get("/others/dropped"), 200);
        Work.await(() -> !test.isLocked());
    }

    @Test
    void workThatHasBegunIsRefusedWithoutARequest() {
        // another test may have left one behind
        RequestContextHolder.resetRequestAttributes();
        LockedRequestCase test = new LockedRequestCase(server);
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> server.bean(Others.class).anyDeferred(test.id));
        assertThat(test.isLocked()).isFalse();
    }

    @Test
    void withoutItsConditionNothingIsLocked() throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        try (LockLease first = test.locks.acquire(test.order)) {
            CompletableFuture<HttpResponse<String>> response = test.get("/others/conditional");
            test.work.result.complete("done");
            assertStatus(response, 200);
            assertThat(first.isHeld()).isTrue();
        }
    }

    @Test
    void codeThatCallsAResultItselfRunsItUnderTheLock() throws Exception {
        LockedRequestCase test = new LockedRequestCase(server);
        Others others = server.bean(Others.class);
        Callable<String> callable = others.leased(test.id, null);
        assertThat(test.isLocked()).isFalse();
        assertThat(callable.call()).isEqualTo("order:" + test.id);
        assertThat(test.isLocked()).isFalse();
        WebAsyncTask<String> task = server.bean(LockedEndpoints.Orders.class).task(test.id);
        StreamingResponseBody stream = server.bean(LockedEndpoints.Orders.class).stream(test.id);
        Callable<String> refused = server.bean(LockedEndpoints.Refused.class).callable(test.id);
        test.work.result.complete("done");

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        stream.writeTo(written);
        assertThat(written).hasToString("done");
        assertThat(task.getCallable().call()).isEqualTo("done");

        assertThat(Objects.requireNonNull(test.work.lease).fullName()).isEqualTo("order:" + test.id);
        assertThat(test.isLocked()).isFalse();
        try (LockLease first = test.locks.acquire(test.order)) {
            assertThat(first.isHeld()).isTrue();
            CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(() ->
                    assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(refused::call));
            assertThat(elsewhere).succeedsWithin(PATIENCE);
            assertThat(CompletableFuture.supplyAsync(() ->
                            called(server.bean(LockedEndpoints.Skipped.class).callable(test.id))))
                    .succeedsWithin(PATIENCE)
                    .isNull();
        }
    }

    private static Object called(Callable<?> callable) {
        try {
            return callable.call();
        } catch (Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void resultsThatOnlySpringMvcCanHandleDoNothingWithoutIt() {
        LockedRequestCase test = new LockedRequestCase(server);
        LockedEndpoints.Orders orders = server.bean(LockedEndpoints.Orders.class);
        ResponseEntity<?> entity = orders.streamEntity(test.id);
        ResponseBodyEmitter emitter = orders.emitter(test.id);
        ResponseBodyEmitter events = orders.events(test.id);
        assertThat(orders.deferred(test.id).hasResult()).isFalse();
        for (ThrowingCallable use : new ThrowingCallable[] {
            entity::getStatusCode,
            entity::getHeaders,
            entity::getBody,
            () -> emitter.send("x"),
            emitter::complete,
            () -> events.send("x"),
            events::complete
        }) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(use::call)
                    .withMessageContainingAll("has not been called", "'order'", "LockedReturnValueHandler");
        }
        assertThat(test.work.calls).hasValue(0);
        assertThat(test.isLocked()).isFalse();
    }

    private interface ThrowingCallable {

        void call() throws Exception;
    }

    @RestController
    @RequestMapping("/replaced")
    static class Replaced {

        @GetMapping("/callable/{id}")
        @DistributedLock(name = "order", key = "#id", waitTime = "0s", fallback = "callableInstead")
        public Callable<String> callable(@PathVariable("id") String id) {
            return Work.of(id).callable();
        }

        Callable<String> callableInstead(String id) {
            return () -> "instead";
        }

        @GetMapping("/deferred/{id}")
        @DistributedLock(name = "order", key = "#id", waitTime = "0s", fallback = "deferredInstead")
        public DeferredResult<String> deferred(@PathVariable("id") String id) {
            return Work.of(id).deferred(new DeferredResult<>());
        }

        DeferredResult<String> deferredInstead(String id) {
            DeferredResult<String> deferred = new DeferredResult<>();
            deferred.setResult("instead");
            return deferred;
        }

        @GetMapping("/stream-entity/{id}")
        @DistributedLock(name = "order", key = "#id", waitTime = "0s", fallback = "entityInstead")
        public ResponseEntity<StreamingResponseBody> entity(@PathVariable("id") String id) {
            return ResponseEntity.ok(Work.of(id).stream());
        }

        ResponseEntity<StreamingResponseBody> entityInstead(String id) {
            return ResponseEntity.ok(stream -> stream.write("instead".getBytes(StandardCharsets.UTF_8)));
        }
    }

    static class Parts {

        @DistributedLock(name = "order", key = "#id")
        public Object begin(String id) {
            return Work.of(id).deferred(new DeferredResult<>());
        }
    }

    @RestController
    @RequestMapping("/others")
    static class Others {

        private final LockedEndpoints.Orders orders;

        private final Parts parts;

        Others(LockedEndpoints.Orders orders, Parts parts) {
            this.orders = orders;
            this.parts = parts;
        }

        @GetMapping("/stubborn/{id}")
        @DistributedLock(name = "stubborn", key = "#id", leaseTime = "1s", renew = "false")
        public Callable<String> stubborn(@PathVariable("id") String id) {
            return Work.of(id).callable();
        }

        @GetMapping("/slow/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Callable<String> slow(@PathVariable("id") String id) {
            Work.of(id).heedsInterrupts = false;
            Work.of(id).text();
            return () -> Work.of(id).called().text();
        }

        @GetMapping("/early/{id}")
        public DeferredResult<String> early(@PathVariable("id") String id) {
            DeferredResult<String> deferred = this.orders.deferred(id);
            Work.of(id).deferred = deferred;
            return deferred;
        }

        @GetMapping("/outer-callable/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Callable<String> outerCallable(@PathVariable("id") String id) {
            return this.orders.callable(id);
        }

        @GetMapping("/outer-deferred/{id}")
        @DistributedLock(name = "order", key = "#id")
        public DeferredResult<String> outerDeferred(@PathVariable("id") String id) {
            return this.orders.deferred(id);
        }

        @GetMapping("/outer-stream/{id}")
        @DistributedLock(name = "order", key = "#id")
        public StreamingResponseBody outerStream(@PathVariable("id") String id) {
            return this.orders.stream(id);
        }

        @GetMapping("/any-callable/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Object anyCallable(@PathVariable("id") String id) {
            return Work.of(id).callable();
        }

        @GetMapping("/any-task/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Object anyTask(@PathVariable("id") String id) {
            return new WebAsyncTask<>(Work.of(id).callable());
        }

        @GetMapping("/any-stream/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Object anyStream(@PathVariable("id") String id) {
            return Work.of(id).stream();
        }

        @GetMapping("/any-deferred/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Object anyDeferred(@PathVariable("id") String id) {
            return Work.of(id).deferred(new DeferredResult<>());
        }

        @GetMapping("/any-events/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Object anyEvents(@PathVariable("id") String id) {
            return Work.of(id).emitter(new SseEmitter());
        }

        @GetMapping("/brief-any-deferred/{id}")
        @DistributedLock(name = "order", key = "#id", leaseTime = "1s", renew = "false")
        public Object briefAnyDeferred(@PathVariable("id") String id) {
            return Work.of(id).deferred(new DeferredResult<>());
        }

        @GetMapping("/brief-any-events/{id}")
        @DistributedLock(name = "order", key = "#id", leaseTime = "1s", renew = "false")
        public Object briefAnyEvents(@PathVariable("id") String id) {
            return Work.of(id).emitter(new SseEmitter());
        }

        @GetMapping("/any-locked/{id}")
        @DistributedLock(name = "order", key = "#id")
        public Object anyLocked(@PathVariable("id") String id) {
            return this.orders.deferred(id);
        }

        @GetMapping("/dropped/{id}")
        public String dropped(@PathVariable("id") String id) {
            return "dropped " + this.parts.begin(id);
        }

        @GetMapping("/conditional/{id}")
        @DistributedLock(name = "order", key = "#id", condition = "false")
        public Callable<String> conditional(@PathVariable("id") String id) {
            return Work.of(id).callable();
        }

        @DistributedLock(name = "order", key = "#id")
        public Callable<String> leased(String id, LockLease lease) {
            return lease::fullName;
        }
    }
}
