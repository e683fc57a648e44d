package io.github.lockspring.actuate;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.LockEvent;
import io.github.lockspring.LockOperations;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** A web application whose endpoints only its operator may use, with locks in memory unless a property differs. */
final class ActuatorApplication implements AutoCloseable {

    private static final String[] DEFAULTS = {
        "distributed-lock.store=memory",
        "server.port=0",
        "server.address=127.0.0.1",
        "management.endpoints.web.exposure.include=distributedlocks,health",
        "management.endpoint.health.show-details=always",
        "management.health.redis.enabled=false",
        "spring.security.user.name=operator",
        "spring.security.user.password=secret",
        "spring.main.banner-mode=off"
    };

    private final ConfigurableApplicationContext context;

    private final HttpClient client = HttpClient.newHttpClient();

    private ActuatorApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static ActuatorApplication start(String... properties) {
        return start(ServletConfiguration.class, properties);
    }

    static ActuatorApplication startReactive(String... properties) {
        return start(
                ReactiveConfiguration.class,
                Stream.concat(Stream.of("spring.main.web-application-type=reactive"), Stream.of(properties))
                        .toArray(String[]::new));
    }

    /** Starts an application with its locks in a Redis. */
    static ActuatorApplication startOn(String host, int port, String... properties) {
        return start(Stream.concat(
                        Stream.of(
                                "distributed-lock.store=redis",
                                "spring.data.redis.host=" + host,
                                "spring.data.redis.port=" + port),
                        Stream.of(properties))
                .toArray(String[]::new));
    }

    private static ActuatorApplication start(Class<?> configuration, String... properties) {
        Map<String, String> all = new LinkedHashMap<>();
        Stream.concat(Stream.of(DEFAULTS), Stream.of(properties)).forEach(each -> {
            int equals = each.indexOf('=');
            all.put(each.substring(0, equals), each.substring(equals + 1));
        });
        SpringApplication application = new SpringApplication(configuration);
        return new ActuatorApplication(application.run(all.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toArray(String[]::new)));
    }

    LockOperations locks() {
        return bean(LockOperations.class);
    }

    <T> T bean(Class<T> type) {
        return this.context.getBean(type);
    }

    ConfigurableApplicationContext context() {
        return this.context;
    }

    List<LockEvent> events() {
        return bean(Recorder.class).events;
    }

    HttpResponse<String> send(String method, String path, boolean authenticated)
            throws IOException, InterruptedException {
        String port = this.context.getEnvironment().getProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody());
        if (authenticated) {
            byte[] user = "operator:secret".getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
        }
        return this.client.send(request.build(), BodyHandlers.ofString());
    }

    DocumentContext get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", path, true);
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return JsonPath.parse(response.body());
    }

    @Override
    public void close() {
        this.context.close();
    }

    static class Recorder {

        private final List<LockEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(LockEvent event) {
            this.events.add(event);
        }
    }

    /** To encode passwords takes longer than all else that a request does. */
    static class PlainPasswords implements PasswordEncoder {

        @Override
        public String encode(CharSequence password) {
            return password.toString();
        }

        @Override
        public boolean matches(CharSequence password, String encoded) {
            return encoded.contentEquals(password);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Recorder.class, PlainPasswords.class})
    static class ServletConfiguration {

        @Bean
        SecurityFilterChain operatorsOnly(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Recorder.class, PlainPasswords.class})
    static class ReactiveConfiguration {

        @Bean
        SecurityWebFilterChain operatorsOnly(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(ServerHttpSecurity.CsrfSpec::disable)
                    .build();
        }
    }
}
