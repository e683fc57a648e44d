package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.Ordered;
import org.springframework.core.io.ClassPathResource;

/** What an editor shows about the properties. */
class ConfigurationMetadataTests {

    private static final Set<String> WITHOUT_DEFAULT = Set.of(
            "distributed-lock.locks",
            "distributed-lock.redis.connection-factory",
            "distributed-lock.servers",
            "distributed-lock.task-executor",
            "distributed-lock.warn-after");

    /** Of the endpoint, as of all endpoints. */
    private static final String OF_SPRING_BOOT = "management.";

    @Test
    void everyPropertyHasDescriptionTypeAndDefault() throws IOException {
        List<Map<String, Object>> properties = section("properties");

        assertThat(properties).hasSizeGreaterThan(15).allSatisfy(property -> {
            assertThat(property).containsKeys("description", "type");
            assertThat((String) property.get("description")).endsWith(".");
            assertThat(property.containsKey("defaultValue"))
                    .as("default of %s", property.get("name"))
                    .isNotEqualTo(WITHOUT_DEFAULT.contains(property.get("name")));
        });
    }

    @Test
    void showsTheDefaults() throws IOException {
        Map<Object, Object> defaults = section("properties").stream()
                .filter(property -> property.containsKey("defaultValue"))
                .filter(property -> !((String) property.get("name")).startsWith(OF_SPRING_BOOT))
                .collect(Collectors.toMap(property -> property.get("name"), property -> property.get("defaultValue")));

        assertThat(defaults)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("distributed-lock.enabled", true),
                        Map.entry("distributed-lock.store", "redis"),
                        Map.entry("distributed-lock.key-prefix", "lock:"),
                        Map.entry("distributed-lock.wait-time", "5s"),
                        Map.entry("distributed-lock.lease-time", "30s"),
                        Map.entry("distributed-lock.renew", true),
                        Map.entry("distributed-lock.max-hold-time", "forever"),
                        Map.entry("distributed-lock.on-lost", "throw"),
                        Map.entry("distributed-lock.in-transaction", "defer"),
                        Map.entry("distributed-lock.hand-over-after", "10ms"),
                        Map.entry("distributed-lock.release-mode", "async"),
                        Map.entry("distributed-lock.validation", "fail"),
                        Map.entry("distributed-lock.advice-mode", "proxy"),
                        Map.entry("distributed-lock.order", Ordered.LOWEST_PRECEDENCE - 100),
                        Map.entry("distributed-lock.mask-keys", false),
                        Map.entry("distributed-lock.metrics.enabled", true),
                        Map.entry("distributed-lock.metrics.max-names", 200),
                        Map.entry("distributed-lock.observation.enabled", true),
                        Map.entry("distributed-lock.forced-release.enabled", false),
                        Map.entry("distributed-lock.web.enabled", true),
                        Map.entry("distributed-lock.web.contended-status", 423),
                        Map.entry("distributed-lock.web.unavailable-status", 503),
                        Map.entry("distributed-lock.redis.poll-interval", "1s"),
                        Map.entry("distributed-lock.redis.grant-lease", "2s"),
                        Map.entry("distributed-lock.redis.subscribe", true),
                        Map.entry("distributed-lock.redis.command-timeout", "2s"),
                        Map.entry("distributed-lock.redis.batch-commands", true)));
    }

    @Test
    void hintsAreForPropertiesThatExist() throws IOException {
        Set<Object> properties = section("properties").stream()
                .map(property -> property.get("name"))
                .collect(Collectors.toSet());
        assertThat(section("hints"))
                .isNotEmpty()
                .allSatisfy(hint -> assertThat(properties).contains(hint.get("name")));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> section(String name) throws IOException {
        String json = new ClassPathResource("META-INF/spring-configuration-metadata.json")
                .getContentAsString(StandardCharsets.UTF_8);
        return (List<Map<String, Object>>)
                JsonParserFactory.getJsonParser().parseMap(json).get(name);
    }
}
