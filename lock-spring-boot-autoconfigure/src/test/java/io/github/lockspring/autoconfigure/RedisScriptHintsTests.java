package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

class RedisScriptHintsTests {

    @Test
    void keepsEveryScript() throws IOException {
        RuntimeHints hints = new RuntimeHints();
        new RedisScriptHints().registerHints(hints, null);

        Resource[] scripts =
                new PathMatchingResourcePatternResolver().getResources("classpath*:io/github/lockspring/**/*.lua");
        assertThat(scripts)
                .isNotEmpty()
                .allSatisfy(script -> assertThat(hints)
                        .matches(RuntimeHintsPredicates.resource()
                                .forResource("io/github/lockspring/redis/" + script.getFilename())));
    }
}
