package io.github.lockspring.actuate;

import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Asks its own endpoint and its own handlers, prints what they answer, and ends. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(WebApplication.Orders.class)
class WebApplication {

    private static final LockOptions ORDER = LockOptions.named("order").key("42");

    private static final String LOCKS = "/actuator/distributedlocks";

    public static void main(String[] args) throws Exception {
        try (ConfigurableApplicationContext context = SpringApplication.run(WebApplication.class, args)) {
            String port = context.getEnvironment().getProperty("local.server.port");
            new Caller("http://127.0.0.1:" + port).ask(context.getBean(LockOperations.class));
        }
    }

    @Bean
    SecurityFilterChain open(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .build();
    }

    @RestController
    static class Orders {

        @GetMapping("/orders/{id}")
        @DistributedLock(name = "order", key = "#id", waitTime = "${web.wait-time}")
        public String order(@PathVariable String id) {
            return LockContext.required().fullName();
        }

        @GetMapping("/orders/{id}/later")
        @DistributedLock(name = "order", key = "#id")
        public CompletableFuture<String> later(@PathVariable String id) {
            return CompletableFuture.completedFuture(LockContext.required().fullName());
        }
    }

    private static final class Caller {

        private final HttpClient client = HttpClient.newHttpClient();

        private final String address;

        Caller(String address) {
            this.address = address;
        }

        private void ask(LockOperations locks) throws Exception {
            try (LockLease lease = locks.acquire(ORDER)) {
                print("held", get(LOCKS), "$.held[0].name", "$.held[0].key");
                print("one", get(LOCKS + "/order/42"), "$.heldHere");
                print("released", send("DELETE", LOCKS + "/order/42"), "$.released");
                lease.close();
            }
            HttpResponse<String> health = get("/actuator/health");
            print(
                    "health",
                    health,
                    "$.components.distributedLock.status",
                    "$.components.distributedLock.details.state");
            print("handler", get("/orders/42"));
            print("asynchronous", get("/orders/43/later"));
            LockLease taken = locks.acquireAsync(ORDER).toCompletableFuture().join();
            print("contended", get("/orders/42"), "$.status");
            taken.close();
        }

        private HttpResponse<String> get(String path) throws Exception {
            return send("GET", path);
        }

        private HttpResponse<String> send(String method, String path) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(this.address + path))
                    .method(method, BodyPublishers.noBody())
                    .build();
            return this.client.send(request, BodyHandlers.ofString());
        }

        /** What the paths find in the body, or else all of it. */
        private static void print(String what, HttpResponse<String> response, String... paths) {
            StringBuilder line = new StringBuilder("> " + what + " " + response.statusCode());
            for (String path : paths) {
                Object found = JsonPath.read(response.body(), path);
                line.append(' ').append(found);
            }
            System.out.println(paths.length == 0 ? line + " " + response.body() : line);
        }
    }
}
