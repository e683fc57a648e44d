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
import org.springframework.core.io.ClassPathResource;

/** What an editor shows about the properties. */
class ConfigurationMetadataTests {

    private static final Set<String> WITHOUT_DEFAULT =
            Set.of("distributed-lock.locks", "distributed-lock.redis.connection-factory");

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
