package io.github.lockspring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockException;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.autoconfigure.LockWebAutoConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.client.MockMvcWebTestClient;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** What web applications answer where a lock is not acquired. */
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

        void with(Class<?> configuration, String property, Consumer<WebTestClient> test) {
            this.runner
                    .withConfiguration(AutoConfigurations.of(LockWebAutoConfiguration.class))
                    .withUserConfiguration(configuration)
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
    void handlersOfTheControllerWin(Web web) {
        web.with(
                OwnOrders.class,
                "a=b",
                client -> assertThat(get(client, "/orders/contended").status).isEqualTo(409));
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
                "closing",
                new LockShutdownException(NAME));

        @GetMapping("/orders/{failure}")
        String place(@PathVariable("failure") String failure) {
            throw FAILURES.get(failure);
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
}
