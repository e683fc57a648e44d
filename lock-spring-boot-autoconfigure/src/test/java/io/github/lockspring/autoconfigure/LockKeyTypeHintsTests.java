package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockKeyType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

class LockKeyTypeHintsTests {

    @ParameterizedTest
    @FieldSource("io.github.lockspring.autoconfigure.LockKeyTypeHints#TYPES")
    void letTextAndEqualityOfKeysBeSeen(Class<?> type) throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new LockKeyTypeHints().registerHints(hints, null);

        assertThat(LockKeyType.of(type).isRefused()).isFalse();
        assertThat(hints)
                .matches(RuntimeHintsPredicates.reflection().onMethod(type.getMethod("toString")))
                .matches(RuntimeHintsPredicates.reflection().onMethod(type.getMethod("equals", Object.class)));
    }
}
