package io.github.lockspring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.lockspring.LockException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.autoconfigure.LockWebAutoConfiguration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.client.MockMvcWebTestClient;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import reactor.core.publisher.Mono;

/** What web applications answer where a lock is not acquired. */
@ExtendWith(OutputCaptureExtension.class)
class LockExceptionAdviceTests {

    private static final String HOST = "shop@node-7.internal:4711";

    enum Web {
        MVC(new WebApplicationContextRunner().withUserConfiguration(Mvc.class)) {
            @Override
            WebTestClient client(ApplicationContext context) {
                return MockMvcWebTestClient.bindToApplicationContext((WebApplicationContext) context)
                        .build();
            }
        },

        FLUX(new ReactiveWebApplicationContextRunner().withUserConfiguration(Flux.class)) {
            @Override
            WebTestClient client(ApplicationContext context) {
                return WebTestClient.bindToApplicationContext(context).build();
            }
        };

        private final AbstractApplicationContextRunner<?, ?, ?> runner;

        Web(AbstractApplicationContextRunner<?, ?, ?> runner) {
            this.runner = runner;
        }

        abstract WebTestClient client(ApplicationContext context);

        /** What a server answers, which has its own response to an exception that the application lets through. */
        int statusOf(WebTestClient client, String path) {
            try {
                return get(client, path).status;
            } catch (RuntimeException ex) {
                assertThat(ex).hasRootCauseInstanceOf(LockException.class);
                return 500;
            }
        }

        void with(Class<?> configuration, String property, Consumer<WebTestClient> test) {
            with(configuration, property, configuration, test);
        }

        void with(Class<?> configuration, String property, Class<?> more, Consumer<WebTestClient> test) {
            this.runner
                    .withConfiguration(AutoConfigurations.of(LockWebAutoConfiguration.class))
                    .withUserConfiguration(configuration, more)
                    .withPropertyValues(property)
                    .run(context -> {
                        assertThat((ApplicationContext) context).isNotNull();
                        test.accept(client(context));
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLockThatAnotherCallerHasIsToldWithWhatIsLeftOfItsLease(Web web) {
        web.with(Orders.class, "a=b", client -> {
            Response response = get(client, "/orders/contended");
            assertThat(response.status).isEqualTo(423);
            assertThat(response.retryAfter).isEqualTo("8");
            assertThat(response.contentType).isEqualTo("application/problem+json");
            assertThat(response.body)
                    .contains("\"status\":423")
                    .doesNotContain("node-7")
                    .doesNotContain("secret");
        });
    }

    @ParameterizedTest
    @CsvSource({"MVC,failed", "FLUX,failed", "MVC,closing", "FLUX,closing"})
    void aStoreThatFailsAndAShutdownAreNotTheFaultOfTheCaller(Web web, String path) {
        web.with(Orders.class, "a=b", client -> {
            Response response = get(client, "/orders/" + path);
            assertThat(response.status).isEqualTo(503);
            assertThat(response.contentType).isEqualTo("application/problem+json");
            assertThat(response.body).contains("\"status\":503").doesNotContain("secret");
        });
    }

    @ParameterizedTest
    @EnumSource
    void statusesAreConfigured(Web web) {
        web.with(
                Orders.class,
                "distributed-lock.web.contended-status=409",
                client -> assertThat(get(client, "/orders/contended").status).isEqualTo(409));
        web.with(
                Orders.class,
                "distributed-lock.web.unavailable-status=500",
                client -> assertThat(get(client, "/orders/closing").status).isEqualTo(500));
    }

    @ParameterizedTest
    @EnumSource
    void adviceOfTheApplicationWinsWhateverItIsFor(Web web) {
        web.with(AdvisedOrders.class, "a=b", client -> {
            assertThat(get(client, "/orders/contended").status).isEqualTo(418);
            assertThat(get(client, "/orders/failed").status).isEqualTo(418);
        });
    }

    @ParameterizedTest
    @EnumSource
    void adviceOfAnAutoConfigurationWinsWhateverItIsCalled(Web web) {
        web.runner
                .withConfiguration(AutoConfigurations.of(LockWebAutoConfiguration.class, ZuluAutoConfiguration.class))
                .withUserConfiguration(Orders.class)
                .run(context -> assertThat(get(web.client(context), "/orders/contended").status)
                        .isEqualTo(418));
    }

    @ParameterizedTest
    @EnumSource
    void whatTheStoreRefusesForGoodIsWarnedOfOnce(Web web, CapturedOutput output) {
        web.with(Orders.class, "a=b", client -> {
            assertThat(get(client, "/orders/refused").status).isEqualTo(503);
            assertThat(get(client, "/orders/refused").status).isEqualTo(503);
            assertThat(get(client, "/orders/failed").status).isEqualTo(503);
        });
        assertThat(output).containsOnlyOnce("is answered with status 503: NOPERM");
    }

    @ParameterizedTest
    @EnumSource
    void handlersOfTheControllerWin(Web web) {
        web.with(
                OwnOrders.class,
                "a=b",
                client -> assertThat(get(client, "/orders/contended").status).isEqualTo(409));
    }

    @ParameterizedTest
    @EnumSource
    void exceptionsOfTheApplicationWithSuchACauseAreItsOwn(Web web) {
        web.with(WrappedOrders.class, "a=b", client -> {
            assertThat(get(client, "/wrapped/status").status).isEqualTo(409);
            assertThat(get(client, "/wrapped/annotated").status).isEqualTo(409);
            assertThat(web.statusOf(client, "/wrapped/defect")).isEqualTo(500);
            assertThat(web.statusOf(client, "/wrapped/error")).isEqualTo(500);
        });
    }

    @ParameterizedTest
    @EnumSource
    void wrappersOfConcurrentCallsCountAsTheFailureItself(Web web) {
        web.with(WrappedOrders.class, "a=b", client -> {
            assertThat(get(client, "/wrapped/joined").status).isEqualTo(423);
            assertThat(get(client, "/wrapped/later").status).isEqualTo(423);
        });
    }

    /** Their order counts: Spring's own resolver, which asks advice, has 0. WebFlux asks its handlers last in any case. */
    @ParameterizedTest
    @MethodSource
    void resolversOfTheApplicationAreAskedInTheirOrder(Web web, Class<?> own, int status) {
        web.with(
                Orders.class,
                "a=b",
                own,
                client -> assertThat(get(client, "/orders/contended").status).isEqualTo(status));
    }

    static Stream<Arguments> resolversOfTheApplicationAreAskedInTheirOrder() {
        return Stream.of(
                arguments(Web.MVC, LateResolver.class, 423),
                arguments(Web.MVC, EarlyResolver.class, 418),
                arguments(Web.FLUX, EarlyHandler.class, 423));
    }

    @ParameterizedTest
    @EnumSource
    void itIsTurnedOff(Web web) {
        web.runner
                .withConfiguration(AutoConfigurations.of(LockWebAutoConfiguration.class))
                .withPropertyValues("distributed-lock.web.enabled=false")
                .run(context -> assertThat(((ApplicationContext) context).getBeansOfType(LockExceptionAdvice.class))
                        .isEmpty());
    }

    private static Response get(WebTestClient client, String path) {
        EntityExchangeResult<String> result =
                client.get().uri(path).exchange().expectBody(String.class).returnResult();
        return new Response(
                result.getStatus().value(),
                result.getResponseHeaders().getFirst("Retry-After"),
                String.valueOf(result.getResponseHeaders().getContentType()),
                String.valueOf(result.getResponseBody()));
    }

    private record Response(int status, String retryAfter, String contentType, String body) {}

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    static class Mvc {}

    @Configuration(proxyBeanMethods = false)
    @EnableWebFlux
    static class Flux {}

    @RestController
    static class Orders {

        private static final LockName NAME = LockName.of("order", "secret");

        private static final Map<String, LockException> FAILURES = Map.of(
                "contended",
                new LockNotAcquiredException(NAME, Duration.ZERO, new LockHolder(HOST, Duration.ofMillis(7_200))),
                "failed",
                new LockStoreException(NAME, "no answer of " + HOST, null, LockStoreException.Outcome.UNKNOWN),
                "refused",
                new LockStoreException(NAME, "NOPERM", null, LockStoreException.Outcome.REFUSED),
                "closing",
                new LockShutdownException(NAME));

        @GetMapping("/orders/{failure}")
        String place(@PathVariable("failure") String failure) {
            throw FAILURES.get(failure);
        }
    }

    /** Exceptions of an application that say why they were thrown. */
    @RestController
    static class WrappedOrders {

        private static final LockException CAUSE = Orders.FAILURES.get("contended");

        @GetMapping("/wrapped/status")
        String status() {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "busy", CAUSE);
        }

        @GetMapping("/wrapped/annotated")
        String annotated() {
            throw new Busy(CAUSE);
        }

        @GetMapping("/wrapped/defect")
        String defect() {
            throw new IllegalStateException("defect", CAUSE);
        }

        @GetMapping("/wrapped/error")
        String error() {
            throw new AssertionError("defect", CAUSE);
        }

        @GetMapping("/wrapped/joined")
        String joined() {
            return CompletableFuture.<String>failedFuture(CAUSE).join();
        }

        @GetMapping("/wrapped/later")
        CompletableFuture<String> later() {
            return CompletableFuture.<String>failedFuture(CAUSE).thenApply(text -> text);
        }
    }

    @ResponseStatus(HttpStatus.CONFLICT)
    static class Busy extends RuntimeException {

        Busy(Throwable cause) {
            super(cause);
        }
    }

    static class LateResolver implements HandlerExceptionResolver {

        @Override
        public ModelAndView resolveException(
                HttpServletRequest request, HttpServletResponse response, Object handler, Exception failure) {
            response.setStatus(418);
            return new ModelAndView();
        }
    }

    @Order(-1)
    static class EarlyResolver extends LateResolver {}

    @Order(Ordered.HIGHEST_PRECEDENCE)
    static class EarlyHandler implements WebExceptionHandler {

        @Override
        public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
            exchange.getResponse().setStatusCode(HttpStatus.I_AM_A_TEAPOT);
            return Mono.empty();
        }
    }

    @RestController
    static class OwnOrders extends Orders {

        @ExceptionHandler
        ResponseEntity<String> contended(LockNotAcquiredException failure) {
            return ResponseEntity.status(409).body("own");
        }
    }

    @RestController
    static class AdvisedOrders extends Orders {

        @ControllerAdvice
        static class Advice {

            @ExceptionHandler
            ResponseEntity<String> any(Exception failure) {
                return ResponseEntity.status(418).body("own");
            }
        }
    }

    /** Sorted behind the one of the library by its name. */
    @AutoConfiguration
    static class ZuluAutoConfiguration {

        @Bean
        ZuluAdvice zuluAdvice() {
            return new ZuluAdvice();
        }
    }

    @RestControllerAdvice
    static class ZuluAdvice {

        @ExceptionHandler(LockNotAcquiredException.class)
        ResponseEntity<String> contended() {
            return ResponseEntity.status(418).body("zulu");
        }
    }
}
