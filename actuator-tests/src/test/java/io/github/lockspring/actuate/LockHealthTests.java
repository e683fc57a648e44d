package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of locks, over the web. */
class LockHealthTests {

    private static final String COMPONENT = "$.components.distributedLock";

    @Test
    void isUpWithDetails() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start()) {
            DocumentContext body = application.get("/actuator/health");
            assertThat(body.<String>read(COMPONENT + ".status")).isEqualTo("UP");
            assertThat(body.<Map<String, Object>>read(COMPONENT + ".details"))
                    .containsEntry("store", "the memory of this process")
                    .containsEntry("state", "answers")
                    .containsEntry("renewalsLateBy", "0 ms")
                    .containsEntry("grants", "by message")
                    .doesNotContainKeys("warning", "servers");
        }
    }

    @Test
    void isDownWhenAStoreCannotBeReached() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start(
                "distributed-lock.store=redis",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=1",
                "distributed-lock.servers.reporting.command-timeout=1s")) {
            HttpResponse<String> response = application.send("GET", "/actuator/health", true);
            assertThat(response.statusCode()).isEqualTo(503);
            DocumentContext body = JsonPath.parse(response.body());
            assertThat(body.<String>read(COMPONENT + ".status")).isEqualTo("DOWN");
            for (String server : new String[] {"", ".servers.reporting"}) {
                Map<String, Object> details = body.read(COMPONENT + ".details" + server);
                assertThat(details)
                        .containsEntry("state", "does not answer")
                        .containsEntry("grants", "by polling")
                        .containsEntry("warning", "there is no subscription: callers that wait for a lock poll")
                        .containsKey("error");
                assertThat(details.get("store")).asString().contains("127.0.0.1:1");
            }
        }
    }

    @Test
    void hasNoWarningOfPollingThatIsMeant() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start(
                "distributed-lock.store=redis",
                "distributed-lock.redis.subscribe=false",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=1")) {
            DocumentContext body = JsonPath.parse(
                    application.send("GET", "/actuator/health", true).body());
            assertThat(body.<Map<String, Object>>read(COMPONENT + ".details"))
                    .containsEntry("grants", "by polling")
                    .doesNotContainKey("warning");
        }
    }

    @Test
    void expectsNoMessagesOfAStoreOfTheApplication() throws Exception {
        try (ActuatorApplication application = ActuatorApplication.start(
                "distributed-lock.store=redis", "spring.main.sources=" + OwnStore.class.getName())) {
            DocumentContext body = JsonPath.parse(
                    application.send("GET", "/actuator/health", true).body());
            assertThat(body.<Map<String, Object>>read(COMPONENT + ".details"))
                    .containsEntry("store", "the store of the application")
                    .containsEntry("grants", "by polling")
                    .doesNotContainKey("warning");
        }
    }

    /** Only polling finds its grants. */
    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        LockStore lockStore() {
            InMemoryLockStore store = new InMemoryLockStore();
            return (LockStore) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {LockStore.class}, (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "toString":
                                return "the store of the application";
                            case "onGrant":
                                return null;
                            default:
                                return method.invoke(store, arguments);
                        }
                    });
        }
    }

    @Test
    void isLeftOutWhereAPropertySaysSo() throws Exception {
        try (ActuatorApplication application =
                ActuatorApplication.start("management.health.distributed-lock.enabled=false")) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(application
                                    .send("GET", "/actuator/health", true)
                                    .body())
                            .contains("\"components\"")
                            .doesNotContain("distributedLock"));
        }
    }
}
