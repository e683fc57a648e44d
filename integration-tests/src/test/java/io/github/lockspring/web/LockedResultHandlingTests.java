package io.github.lockspring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockOperations;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import io.github.lockspring.autoconfigure.WovenLocking;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurationSupport;

/** Which applications of Spring MVC hold the locks of asynchronous results. */
class LockedResultHandlingTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final WebApplicationContextRunner RUNNER = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DistributedLockAspectAutoConfiguration.class,
                    DistributedLockAutoConfiguration.class,
                    LockStoreAutoConfiguration.class))
            .withPropertyValues("distributed-lock.store=memory");

    @ParameterizedTest
    @EnumSource
    void holdsTheLockUntilTheWorkIsDone(AdviceKind kind) throws Exception {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.aop.proxy-target-class", kind == AdviceKind.CLASS);
        List<Class<?>> components = new ArrayList<>(
                List.of(AsyncApplication.Threads.class, AsyncApplication.class, kind.type(OrderController.class)));
        if (kind == AdviceKind.WOVEN) {
            properties.put("distributed-lock.advice-mode", "aspectj");
            components.add(WovenLocking.class);
        }
        try (WebServer server = WebServer.start(properties, components.toArray(Class[]::new))) {
            kind.bean(server.context(), OrderEndpoints.class);
            assertHeld(server, "advice-" + kind);
        }
    }

    @Test
    void reachesApplicationsThatConfigureSpringMvcThemselves() throws Exception {
        try (WebServer server = WebServer.start(Map.of(), OwnMvc.class, OrderController.class)) {
            assertHeld(server, "own");
        }
    }

    static void assertHeld(WebServer server, String id) throws Exception {
        LockOperations locks = server.bean(LockOperations.class);
        for (String path : new String[] {
            "callable", "task", "deferred", "stream", "stream-entity", "emitter", "events", "emitter-entity"
        }) {
            Work work = Work.of(id + "-" + path);
            CompletableFuture<HttpResponse<String>> response = server.get("/order/" + path + "/" + id + "-" + path);
            work.awaitBegun();
            assertThat(locks.holder("order", id + "-" + path)).isPresent();

            work.result.complete("done");

            assertThat(response)
                    .succeedsWithin(PATIENCE)
                    .extracting(HttpResponse::body)
                    .asString()
                    .contains("done");
            assertThat(locks.holder("order", id + "-" + path)).isEmpty();
            assertThat(work.calls).hasValue(1);
        }
    }

    @Test
    void theHandlerCanBeAddedToATestOfOneController() {
        RUNNER.withBean(OrderController.class).run(context -> {
            MockMvc mvc = MockMvcBuilders.standaloneSetup(context.getBean(OrderController.class))
                    .setCustomReturnValueHandlers(new LockedReturnValueHandler())
                    .build();
            Work.of("standalone").result.complete("done");
            var waiting = mvc.perform(get("/order/deferred/standalone"))
                    .andExpect(request().asyncStarted())
                    .andReturn();
            DeferredResult<?> inner = (DeferredResult<?>) waiting.getAsyncResult(PATIENCE.toMillis());
            assertThat(inner.getResult()).isEqualTo("done");
            assertThat(context.getBean(LockOperations.class).holder("order", "standalone"))
                    .isPresent();

            var started = mvc.perform(asyncDispatch(waiting))
                    .andExpect(request().asyncStarted())
                    .andReturn();
            mvc.perform(asyncDispatch(started)).andExpect(content().string("done"));

            assertThat(context.getBean(LockOperations.class).holder("order", "standalone"))
                    .isEmpty();
        });
    }

    @Test
    void refusesATransactionThatEndsBeforeTheWork() {
        RUNNER.withBean(TransactionalOrders.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContainingAll(
                                "TransactionalOrders.change()", "its transaction ends when it returns"));
    }

    /** Spring MVC writes it as the body of a response would be written. */
    @Test
    void refusesEntitiesOfOtherResults() {
        RUNNER.withBean(EntityOfDeferred.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContaining("before its work is done"));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMvc extends WebMvcConfigurationSupport {}

    static class TransactionalOrders {

        @Transactional
        @DistributedLock
        public Callable<String> change() {
            throw new AssertionError("must not run");
        }
    }

    static class EntityOfDeferred {

        @DistributedLock
        public ResponseEntity<DeferredResult<String>> change() {
            throw new AssertionError("must not run");
        }
    }
}
