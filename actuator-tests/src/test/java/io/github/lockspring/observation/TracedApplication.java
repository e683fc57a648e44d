package io.github.lockspring.observation;

import io.github.lockspring.LockOperations;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** An application with locks in memory, whose tracer is Spring Boot's: all that a test adds is where spans end. */
final class TracedApplication implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private TracedApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts an application. Its requests need no authentication.
     *
     * @param type {@code none}, {@code servlet} or {@code reactive}
     * @param arguments as on a command line
     */
    static TracedApplication start(String type, String... arguments) {
        SpringApplication application = new SpringApplication(TracedConfiguration.class);
        application.setDefaultProperties(Map.of(
                "spring.main.web-application-type", type,
                "spring.main.banner-mode", "off",
                "server.port", "0",
                "server.address", "127.0.0.1",
                "management.tracing.sampling.probability", "1",
                "distributed-lock.store", "memory"));
        return new TracedApplication(application.run(arguments));
    }

    <T> T bean(Class<T> type) {
        return this.context.getBean(type);
    }

    LockOperations locks() {
        return bean(LockOperations.class);
    }

    /** Does work under an observation, as its caller would. */
    void observed(Runnable work) {
        Observation.createNotStarted("caller", bean(ObservationRegistry.class)).observe(work);
    }

    int get(String path) throws IOException, InterruptedException {
        String port = this.context.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    List<SpanData> spans() {
        return bean(InMemorySpanExporter.class).getFinishedSpanItems();
    }

    /** Waits for the span of that name: a span may end after the answer that it is about. */
    SpanData span(String name) {
        Awaitility.await()
                .until(() -> spans().stream().anyMatch(span -> span.getName().equals(name)));
        return spans().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The span that is no child of another one. */
    SpanData root() {
        Awaitility.await().until(() -> spans().stream().anyMatch(TracedApplication::isRoot));
        return spans().stream().filter(TracedApplication::isRoot).findFirst().orElseThrow();
    }

    private static boolean isRoot(SpanData span) {
        return span.getParentSpanId().equals(SpanId.getInvalid());
    }

    @Override
    public void close() {
        this.context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.reactive.ReactiveSecurityAutoConfiguration",
                "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.actuate.autoconfigure.security.reactive.ReactiveManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration"
            })
    @Import({TracedOrders.class, TracedEndpoints.class})
    static class TracedConfiguration {

        @Bean
        InMemorySpanExporter spans() {
            return InMemorySpanExporter.create();
        }

        /** In place of one that exports in batches. */
        @Bean
        SpanProcessor exportAtOnce(InMemorySpanExporter exporter) {
            return SimpleSpanProcessor.create(exporter);
        }
    }
}
