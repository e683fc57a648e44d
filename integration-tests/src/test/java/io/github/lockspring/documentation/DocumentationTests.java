package io.github.lockspring.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Documentation shows code that compiles and properties that exist, and what it refers to is there. */
@Tag("default-line")
class DocumentationTests {

    private static final Pattern PROPERTY = Pattern.compile("distributed-lock(?:\\.[a-z][a-z-]*)+");

    /** Properties whose names go on with what an application chooses. */
    private static final Pattern PROPERTY_OF_MAP = Pattern.compile("distributed-lock\\.(?:locks|servers)\\..*");

    /** Code that the module of test support compares with its own tests. */
    private static final String OF_TEST_SUPPORT = "import io.github.lockspring.test.";

    private static List<MarkdownFile> files = List.of();

    @BeforeAll
    static void readFiles() throws IOException {
        files = MarkdownFile.all();
    }

    @Test
    void javaCompiles() throws IOException {
        List<CodeBlock> blocks = blocks("java").stream()
                .filter(block -> !block.text().contains(OF_TEST_SUPPORT))
                .toList();
        assertThat(blocks).isNotEmpty();
        assertThat(JavaBlock.compile(JavaBlock.of(blocks))).isEmpty();
    }

    /** The library stops at values that are wrong, and warns of properties that do not exist. */
    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void propertiesCanBeSet(CapturedOutput output) {
        List<CodeBlock> blocks = blocks("yaml").stream()
                .filter(block -> block.text().contains("distributed-lock"))
                .toList();

        assertThat(blocks).isNotEmpty();
        for (CodeBlock block : blocks) {
            PropertiesPropertySource properties = new PropertiesPropertySource(block.toString(), properties(block));
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            DistributedLockAspectAutoConfiguration.class,
                            DistributedLockAutoConfiguration.class,
                            LockStoreAutoConfiguration.class))
                    .withInitializer(context ->
                            context.getEnvironment().getPropertySources().addFirst(properties))
                    .run(context -> assertThat(context).as(block.toString()).hasBean("distributedLockTemplate"));
        }
        assertThat(output).doesNotContain("there is no such property");
    }

    private static Properties properties(CodeBlock block) {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8), block.toString()));
        Properties properties = new Properties();
        properties.putAll(yaml.getObject());
        properties.setProperty("distributed-lock.store", "memory");
        return properties;
    }

    @Test
    void propertiesThatAreSpokenOfExist() throws IOException {
        List<String> names = propertyNames();

        assertThat(names).contains("distributed-lock.redis.poll-interval");
        List<String> unknown = inlineCode(code -> PROPERTY.matcher(code)
                .results()
                .map(MatchResult::group)
                .anyMatch(written -> !PROPERTY_OF_MAP.matcher(written).matches()
                        && names.stream().noneMatch(name -> (name + '.').startsWith(written + '.'))));
        assertThat(unknown).isEmpty();
    }

    private static List<String> propertyNames() throws IOException {
        List<String> names = new ArrayList<>();
        String metadata = "META-INF/spring-configuration-metadata.json";
        for (URL each :
                Collections.list(DocumentationTests.class.getClassLoader().getResources(metadata))) {
            try (InputStream json = each.openStream()) {
                names.addAll(JsonPath.<List<String>>read(json, "$.properties[*].name"));
            }
        }
        return names;
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (MarkdownFile file : files) {
            for (String link : file.links()) {
                if (!link.contains(":") && !leadsSomewhere(file, link)) {
                    broken.add(file + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(MarkdownFile from, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? from.path() : from.path().resolveSibling(path);
        return Files.exists(target)
                && (hash < 0 || MarkdownFile.read(target.normalize()).anchors().contains(link.substring(hash + 1)));
    }

    @Test
    void sourcesThatAreNamedExist() throws IOException {
        SourceFiles sources = SourceFiles.all();
        assertThat(sources.texts()).isNotEmpty();
        assertThat(inlineCode(code -> !sources.haveWhatIsNamedBy(code))).isEmpty();
    }

    /** Pieces of inline code that match, each with the file that it is in. */
    private static List<String> inlineCode(Predicate<String> condition) {
        return files.stream()
                .flatMap(file -> file.inlineCode().stream().filter(condition).map(code -> file + ": " + code))
                .toList();
    }

    private static List<CodeBlock> blocks(String language) {
        return files.stream()
                .flatMap(file -> file.blocks().stream())
                .filter(block -> block.language().equals(language))
                .toList();
    }
}
