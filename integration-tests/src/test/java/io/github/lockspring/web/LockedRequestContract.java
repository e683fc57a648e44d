package io.github.lockspring.web;

import static io.github.lockspring.web.LockedRequestCase.PATIENCE;
import static io.github.lockspring.web.LockedRequestCase.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Requests whose methods return one of Spring MVC's asynchronous results, however they end: who has the lock then. All
 * kinds run at the same time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LockedRequestContract {

    private final List<Call> begun = new ArrayList<>();

    private WebServer server;

    /** Its requests have half a second. */
    private WebServer impatient;

    /** A server with these properties, and components, over the store under test. */
    abstract WebServer start(Map<String, Object> properties, Class<?>... components);

    final WebServer server(Map<String, Object> properties, Class<?>... more) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("distributed-lock.wait-time", "1m");
        List<Class<?>> components = new ArrayList<>(List.of(
                AsyncApplication.Threads.class,
                AsyncApplication.class,
                AsyncApplication.Failures.class,
                LockedEndpoints.Orders.class,
                LockedEndpoints.Brief.class,
                LockedEndpoints.Limited.class,
                LockedEndpoints.Kept.class,
                LockedEndpoints.Refused.class,
                LockedEndpoints.Skipped.class));
        components.addAll(List.of(more));
        return start(all, components.toArray(Class[]::new));
    }

    @BeforeAll
    void start() {
        this.server = server(Map.of());
        this.impatient = server(Map.of("test.timeout", "500"));
    }

    @AfterAll
    void stop() {
        this.server.close();
        this.impatient.close();
    }

    /** A test that fails keeps no thread. */
    @AfterEach
    void endWork() {
        this.begun.forEach(call -> call.test.work.result.complete("the test is over"));
        this.begun.clear();
    }

    @Test
    void isHeldUntilTheWorkHasCompleted() throws Exception {
        for (Call call : calls(this.server)) {
            call.start("/order");
            call.awaitRunning();
            LockLease lease = call.test.work.lease;
            assertThat(lease != null).as(call.name()).isEqualTo(call.kind.ofThread);
            if (lease != null) {
                assertThat(lease.fullName()).as(call.name()).isEqualTo("order:" + call.test.id);
                assertThat(lease.isHeld()).as(call.name()).isTrue();
                assertThat(call.test.work.caller)
                        .as(call.name())
                        .isEqualTo("/order/" + call.kind.path + "/" + call.test.id);
            }

            call.test.work.result.complete("done");

            assertStatus(call.response, call.kind.status());
            assertThat(call.response.join().body()).as(call.name()).contains("done");
            assertThat(call.response.join().headers().firstValue("X-Kind").isPresent())
                    .as(call.name())
                    .isEqualTo(call.kind == RequestKind.STREAM_ENTITY);
            call.awaitReleased();
            call.assertCalls(1);
        }
    }

    @Test
    void isReleasedWhenTheWorkFails() throws Exception {
        for (Call call : calls(this.server)) {
            call.start("/order");
            call.awaitRunning();
            call.test.work.result.completeExceptionally(new IllegalStateException("of the application"));
            assertStatus(call.response, 418);
            call.awaitReleased();
        }
    }

    /** The server looks once a second. */
    @Test
    void isNotAcquiredOnceARequestThatWaitsHasTimedOut() {
        Map<Call, LockLease> calls = new HashMap<>();
        for (Call call : calls(this.impatient)) {
            calls.put(call, call.test.locks.acquire(call.test.order));
            call.start("/order");
        }
        calls.forEach((call, first) -> {
            assertStatus(call.response, 503);
            assertThat(first.isHeld()).as(call.name()).isTrue();
            first.close();
            // the next one gets it without a wait
            assertThat(call.test.locks.tryAcquire(call.test.order, PATIENCE))
                    .as(call.name())
                    .hasValueSatisfying(LockLease::close);
            call.assertCalls(0);
        });
    }

    /** Work of a thread keeps its lock until it returns, since it goes on; other work, until the request is over. */
    @Test
    void isReleasedAfterATimeoutOnceNoThreadOfTheRequestWorks() {
        List<Call> calls = calls(this.impatient);
        calls.forEach(call -> {
            call.test.work.heedsInterrupts = false;
            call.start("/order");
        });
        calls.forEach(call -> {
            assertStatus(call.response, 503);
            call.assertCalls(1);
            if (call.kind.ofThread) {
                assertThat(call.test.work.interrupted).as(call.name()).succeedsWithin(PATIENCE);
                assertThat(call.test.isLocked()).as(call.name()).isTrue();
                call.test.work.result.complete("too late");
            }
            call.awaitReleased();
        });
    }

    @Test
    void aLostLeaseEndsTheRequest() throws Exception {
        losesItsLease("/brief");
    }

    @Test
    void endsWhenItsLongestTimeIsOver() throws Exception {
        losesItsLease("/limited");
    }

    private void losesItsLease(String path) throws Exception {
        List<Call> calls = calls(this.server);
        for (Call call : calls) {
            call.start(path);
            call.test.work.awaitBegun();
        }
        calls.forEach(call -> {
            LockLease lease = call.test.work.lease;
            if (lease != null) {
                Work.await(lease::isLost);
                assertThat(call.response).as(call.name()).isNotDone();
                call.test.work.result.complete("lost");
            }
            assertStatus(call.response, 409);
            call.awaitReleased();
        });
    }

    @Test
    void keepsOthersOutForItsShortestTime() {
        calls(this.server).forEach(call -> {
            call.test.work.result.complete("done");
            call.start("/kept");
            assertStatus(call.response, call.kind.status());
            assertThat(call.test.locks.tryAcquire(call.test.order))
                    .as(call.name())
                    .isEmpty();
        });
    }

    @Test
    void isSkippedOrRefusedWhileAnotherCallerHasTheLock() {
        calls(this.server).forEach(call -> {
            try (LockLease first = call.test.locks.acquire(call.test.order)) {
                call.start("/skipped");
                assertStatus(call.response, 200);
                assertThat(call.response.join().body()).as(call.name()).isEmpty();
                call.start("/refused");
                assertStatus(call.response, 423);
                assertThat(first.isHeld()).as(call.name()).isTrue();
            }
            call.assertCalls(0);
        });
    }

    /** Waiting requests are refused. Those whose work is running are told that the lock is lost: it is left to expire. */
    @Test
    void shutdownEndsWaitingAndRunningRequests() throws Exception {
        try (WebServer ending = server(Map.of(), Hurry.class)) {
            List<Call> running = calls(ending);
            for (Call call : running) {
                call.test.work.heedsInterrupts = false;
                call.start("/order");
                call.awaitRunning();
            }
            List<Call> waiting = calls(ending);
            // bound to no thread: that of the test goes on to others
            List<LockLease> others = new ArrayList<>();
            for (Call call : waiting) {
                others.add(call.test
                        .locks
                        .acquireAsync(call.test.order)
                        .toCompletableFuture()
                        .join());
                call.start("/order");
                call.test.work.awaitWaiting();
            }

            ending.context().close();

            waiting.forEach(call -> {
                assertStatus(call.response, 503);
                call.assertCalls(0);
            });
            running.forEach(call -> {
                call.test.work.result.complete("too late");
                assertStatus(call.response, 409);
            });
            others.forEach(LockLease::close);
        }
    }

    final List<Call> calls(WebServer server) {
        List<Call> calls = Arrays.stream(RequestKind.values())
                .map(kind -> new Call(kind, new LockedRequestCase(server)))
                .toList();
        this.begun.addAll(calls);
        return calls;
    }

    /** Does not wait for the threads of the requests, as long as there are any. */
    @Configuration(proxyBeanMethods = false)
    static class Hurry {

        @Bean
        static DefaultLifecycleProcessor lifecycleProcessor() {
            DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
            processor.setTimeoutPerShutdownPhase(1);
            return processor;
        }
    }

    static final class Call {

        final RequestKind kind;

        final LockedRequestCase test;

        CompletableFuture<HttpResponse<String>> response = new CompletableFuture<>();

        Call(RequestKind kind, LockedRequestCase test) {
            this.kind = kind;
            this.test = test;
        }

        String name() {
            return this.kind.name();
        }

        void start(String path) {
            this.response = this.test.get(path + "/" + this.kind.path);
        }

        void awaitRunning() throws InterruptedException {
            this.test.work.awaitBegun();
            assertThat(this.test.isLocked()).as(name()).isTrue();
        }

        void awaitReleased() {
            Work.await(() -> !this.test.isLocked());
        }

        void assertCalls(int calls) {
            assertThat(this.test.work.calls).as(name()).hasValue(calls);
        }
    }
}
