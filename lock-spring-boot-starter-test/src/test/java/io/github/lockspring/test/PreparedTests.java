package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.aot.PreparedApplication;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.test.context.aot.TestContextAotGenerator;

/** A test with locks under its control runs from code that Spring has generated ahead of time. */
class PreparedTests {

    @Test
    void haveLocksUnderTheirControl(@TempDir Path directory) throws Exception {
        new TestContextAotGenerator(new FileSystemGeneratedFiles(
                        kind -> directory.resolve(kind == Kind.SOURCE ? "sources" : "classes")))
                .processAheadOfTime(Stream.of(Prepared.class));

        assertThat(PreparedApplication.generated(Prepared.class, directory).run(Map.of()))
                .contains("> free Optional[42]", "> elsewhere Optional.empty", "> after the test Optional[42]");
    }
}
