package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;

class LockExpressionHintsTests {

    /** The type is known by its name only. */
    @Test
    void namesATypeThatExists() {
        assertThatCode(() -> ClassUtils.forName(LockExpressionHints.ROOT.getName(), null))
                .doesNotThrowAnyException();
    }
}
