package io.github.lockspring.engine;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine reads one way: its classes depend on each other in one direction, and none is long. */
@AnalyzeClasses(packagesOf = DefaultLockEngine.class, importOptions = ImportOption.DoNotIncludeTests.class)
class EngineStructureTests {

    private static final int MOST_LINES = 300;

    private static final Path SOURCES = Path.of("src/main/java/io/github/lockspring/engine");

    /** Pairs that are one thing seen from two sides. */
    private static final Map<String, String> ONE_SLICE =
            Map.of("HoldLease", "Hold", "BlockingWaiter", "Waiter", "AsyncWaiter", "Waiter");

    @ArchTest
    static final ArchRule classesFormNoCircle =
            slices().assignedFrom(new TopLevelClasses()).should().beFreeOfCycles();

    @Test
    void noFileIsLong() throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                lines.put(
                        file.getFileName().toString(), Files.readAllLines(file).size());
            }
        }
        assertThat(lines).hasSizeGreaterThan(20);
        assertThat(lines.values()).as("lines of each file: %s", lines).allMatch(each -> each <= MOST_LINES);
    }

    /** A class with its nested ones. */
    private static final class TopLevelClasses implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            if (!javaClass.getPackageName().equals(DefaultLockEngine.class.getPackageName())) {
                return SliceIdentifier.ignore();
            }
            String name = javaClass.getName().replaceAll(".*\\.|\\$.*", "");
            return SliceIdentifier.of(ONE_SLICE.getOrDefault(name, name));
        }

        @Override
        public String getDescription() {
            return "classes of the engine";
        }
    }
}
