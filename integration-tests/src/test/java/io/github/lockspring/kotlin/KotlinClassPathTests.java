package io.github.lockspring.kotlin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications without Kotlin, and with parts of it: each uses what there is, and is told what it lacks. */
@Tag("default-line")
class KotlinClassPathTests {

    private static final String JAVA = "io.github.lockspring.kotlin.JavaParts";

    private static final String KOTLIN = "io.github.lockspring.kotlin.KotlinParts";

    @ParameterizedTest
    @ValueSource(strings = {"^kotlin", "^kotlinx|^reactor-core"})
    void anApplicationInJavaNeedsNothingOfKotlin(String missing) throws Exception {
        try (ReducedClassPath path = ReducedClassPath.without(missing)) {
            assertThat(path.call(JAVA, "lease")).isEqualTo("order:7, order:8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"^kotlinx-coroutines-reactor|^reactor-core", "^kotlin-reflect"})
    void onlySuspendingFunctionsNeedMoreThanCoroutines(String missing) throws Exception {
        try (ReducedClassPath path = ReducedClassPath.without(missing)) {
            assertThat(path.call(KOTLIN, "leases")).isEqualTo(List.of("order:7", "report"));
            assertThat(path.call(KOTLIN, "refusal"))
                    .asString()
                    .contains(
                            "SuspendingOrders.change(String, Function1)",
                            "org.jetbrains.kotlinx:kotlinx-coroutines-reactor",
                            "org.jetbrains.kotlin:kotlin-reflect");
        }
    }
}
