package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.kotlin.ReducedClassPath;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.task.TaskDecorator;

/**
 * An executor that carries values of the thread that gives it a task finds those of the caller, also where that is another
 * thread, since the lock was acquired before; with and without Micrometer's context propagation.
 */
class CallerValuesTests {

    private static final String NOTHING = "null, null, null";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "decorated           | tenant, null, null | tenant, null, null",
                "applicationExecutor | tenant, null, null | tenant, null, null",
                "secured             | null, user, null   | null, user, null",
                "diagnosed           | null, null, trace  | null, null, trace",
                "work                | tenant, user, trace | null, null, null"
            })
    void lockedCallSeesTheValuesOfItsCaller(String application, String locked, String other) throws Exception {
        assertThat(CallerParts.class.getMethod(application).invoke(null))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(locked, locked, other, NOTHING);
        try (ReducedClassPath path = ReducedClassPath.without("^context-propagation")) {
            String type = CallerParts.class.getName();
            assertThat(path.call(type, "propagation")).isEqualTo(false);
            assertThat(path.call(type, application))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .containsExactly(locked, locked, other, NOTHING);
        }
    }

    @Test
    void userIsThatOfTheMomentOfTheCall() throws Exception {
        assertThat(CallerParts.later()).containsExactly(NOTHING, "null, user, null");
        try (ReducedClassPath path = ReducedClassPath.without("^context-propagation")) {
            assertThat(path.call(CallerParts.class.getName(), "later")).isEqualTo(List.of(NOTHING, "null, user, null"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"^spring-security", "^spring-security|^context-propagation"})
    void neitherSecurityNorContextPropagationIsNeeded(String missing) throws Exception {
        try (ReducedClassPath path = ReducedClassPath.without(missing)) {
            assertThat(path.call("io.github.lockspring.kotlin.JavaParts", "lease"))
                    .isEqualTo("order:7, order:8");
        }
    }

    @Test
    void failureOfADecoratorIsThrownToTheCaller() {
        LockContextRunners.memory()
                .withBean(TaskDecorator.class, () -> task -> {
                    throw new IllegalStateException("no tenant");
                })
                .run(context -> {
                    LockOperations locks = context.getBean(LockOperations.class);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> locks.executeAsync(
                                    LockOptions.named("order"), lease -> CompletableFuture.completedFuture("unused")))
                            .withMessage("no tenant");
                    assertThat(locks.holder("order")).isEmpty();
                });
    }
}
