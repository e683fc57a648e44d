package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
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

    @Test
    void everyGroupHasADescription() throws IOException {
        assertThat(section("groups"))
                .hasSizeGreaterThan(5)
                .allSatisfy(group -> assertThat((String) group.get("description"))
                        .as("description of %s", group.get("name"))
                        .isNotNull()
                        .endsWith("."));
    }

    /** Editors show these for the entries of a map, which metadata cannot have properties for. */
    @Test
    void descriptionsOfMapsNameTheSettingsOfTheirEntries() throws IOException {
        assertThat(description("distributed-lock.locks"))
                .endsWith(": " + entries("locks.", DistributedLockProperties.PerName.class) + ".");
        assertThat(description("distributed-lock.servers"))
                .endsWith("Settings: key-prefix, and those of the primary server under \"redis\".");
        assertThat(entries("servers.", DistributedLockProperties.Server.class))
                .isEqualTo("key-prefix, " + entries("redis.", DistributedLockProperties.Redis.class));
    }

    private static String description(String property) throws IOException {
        return section("properties").stream()
                .filter(each -> property.equals(each.get("name")))
                .map(each -> (String) each.get("description"))
                .findFirst()
                .orElseThrow();
    }

    /** The names of components, as properties are written, all of which are known by these. */
    private static String entries(String map, Class<?> type) {
        List<String> names = Arrays.stream(type.getRecordComponents())
                .map(component -> DataObjectPropertyName.toDashedForm(component.getName()))
                .toList();
        assertThat(UnknownLockProperties.known())
                .filteredOn(known -> known.startsWith(map))
                .extracting(known -> known.substring(known.lastIndexOf('.') + 1))
                .containsExactlyInAnyOrderElementsOf(names);
        return String.join(", ", names);
    }

    @Test
    void theReferenceHasEachPropertyAndItsDefault() throws IOException {
        Map<String, String> documented = documented();

        assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(UnknownLockProperties.known());
        for (Map<String, Object> property : section("properties")) {
            String name = (String) property.get("name");
            String written = documented.get(name.replaceFirst("^distributed-lock\\.", ""));
            if (written != null) {
                assertThat(written).as("default of %s", name).isEqualTo(String.valueOf(property.get("defaultValue")));
            }
        }
    }

    /** The table of properties: their names, and the defaults, "null" if there is none or none that is a value. */
    private static Map<String, String> documented() throws IOException {
        String reference = Files.readString(Path.of("../docs/reference.md"));
        Matcher rows = Pattern.compile("(?m)^\\| (`.*?) \\| ?(.*?) ?\\| .*$")
                .matcher(reference.substring(reference.indexOf("\n## Properties"), reference.indexOf("\n## Several")));
        Map<String, String> documented = new TreeMap<>();
        while (rows.find()) {
            List<String> names = codes(rows.group(1));
            List<String> defaults = rows.group(2).matches("`[^`]+`(, `[^`]+`)*") ? codes(rows.group(2)) : List.of();
            String group = names.get(0).substring(0, names.get(0).lastIndexOf('.') + 1);
            for (int i = 0; i < names.size(); i++) {
                String name =
                        names.get(i).startsWith(".") ? group + names.get(i).substring(1) : names.get(i);
                documented.put(
                        name.replace("<id>", UnknownLockProperties.KEY),
                        i < defaults.size() ? defaults.get(i) : "null");
            }
        }
        return documented;
    }

    private static List<String> codes(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> section(String name) throws IOException {
        String json = new ClassPathResource("META-INF/spring-configuration-metadata.json")
                .getContentAsString(StandardCharsets.UTF_8);
        return (List<Map<String, Object>>)
                JsonParserFactory.getJsonParser().parseMap(json).get(name);
    }
}
