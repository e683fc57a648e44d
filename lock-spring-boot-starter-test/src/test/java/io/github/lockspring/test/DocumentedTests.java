package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code that documents show of test support consists of lines of {@link OrderServiceTests}, which runs. */
class DocumentedTests {

    private static final Path PROJECT = Path.of("..");

    private static final List<String> DOCUMENTS = List.of("README.md", "docs/testing.md");

    private static final Path SOURCE = Path.of("src/test/java/io/github/lockspring/test/OrderServiceTests.java");

    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^```java\n((?:import [^\n]*\n)*import io\\.github\\.lockspring\\.test\\..*?)^```");

    private static final Pattern METHOD = Pattern.compile("(?ms)^    @Test\n.*?^    }$");

    @Test
    void codeInDocumentsRuns() throws IOException {
        String source = Files.readString(SOURCE);
        String blocks = "";
        for (String document : DOCUMENTS) {
            blocks += String.join("\n", found(BLOCK, Files.readString(PROJECT.resolve(document))));
        }
        assertThat(blocks.lines().filter(line -> !line.startsWith("import io.github.lockspring.test.")))
                .isNotEmpty()
                .isSubsetOf(source.lines().toList());
        assertThat(found(METHOD, blocks))
                .hasSizeGreaterThanOrEqualTo(3)
                .isSubsetOf(found(METHOD, source))
                .allSatisfy(method -> assertThat(method.lines()).hasSizeLessThan(10));
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(match.groupCount()))
                .toList();
    }
}
