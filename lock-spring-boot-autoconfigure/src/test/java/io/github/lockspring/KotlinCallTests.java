package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.memory.InMemoryLockStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The API called from Kotlin, as Kotlin's own compiler sees it. */
class KotlinCallTests {

    private static final Path SOURCE = Path.of("src/test/resources/kotlin/KotlinCalls.kt");

    @Test
    @EnabledForJreRange(max = JRE.JAVA_24, disabledReason = "this compiler does not know later releases")
    void kotlinNeedsNoTypeArguments(@TempDir Path classes) throws Exception {
        compile(classes);
        InMemoryLockStore store = new InMemoryLockStore();
        EngineSettings settings = new EngineSettings(
                "tests",
                Duration.ofMillis(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                ReleaseWait.ASYNC,
                Runnable::run);
        try (DefaultLockEngine engine = new DefaultLockEngine(store, settings);
                URLClassLoader loader = new URLClassLoader(
                        new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            Class<?> type = loader.loadClass("io.github.lockspring.kotlin.KotlinCalls");
            Object calls = type.getConstructor(LockOperations.class)
                    .newInstance(new LockTemplate(engine, LockSettings.DEFAULTS));

            assertThat(type.getMethod("callAll").invoke(calls))
                    .isEqualTo(List.of("by name", "order", "42", "without result", "7 null"));
            assertThat(type.getMethod("acquireAll").invoke(calls))
                    .asInstanceOf(InstanceOfAssertFactories.list(LockLease.class))
                    .hasSize(2)
                    .noneMatch(LockLease::isHeld);
        }
    }

    private static void compile(Path classes) {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        ExitCode exit = new K2JVMCompiler()
                .exec(
                        new PrintStream(messages, true, StandardCharsets.UTF_8),
                        "-Werror",
                        "-no-stdlib",
                        "-no-reflect",
                        "-jvm-target",
                        "17",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        SOURCE.toString());
        assertThat(exit).as(messages.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
    }
}
