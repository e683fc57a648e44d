package io.github.lockspring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.aot.PreparedApplication;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.mock.web.MockServletContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.support.GenericWebApplicationContext;

/** A web application with Actuator that was processed ahead of time. */
class PreparedActuatorTests {

    private static final Map<String, String> PROPERTIES = Map.of(
            "distributed-lock.store", "memory",
            "distributed-lock.forced-release.enabled", "true",
            "management.endpoints.web.exposure.include", "distributedlocks,health",
            "management.endpoint.health.show-details", "always",
            "management.health.redis.enabled", "false",
            "server.port", "0",
            "web.wait-time", "1h");

    @Test
    @Tag("outer-lines")
    void servesTheEndpointFromGeneratedCode(@TempDir Path directory) throws Exception {
        PreparedApplication application = PreparedApplication.of(
                WebApplication.class,
                directory,
                PROPERTIES.entrySet().stream()
                        .map(each -> "--" + each.getKey() + "=" + each.getValue())
                        .toArray(String[]::new));
        Map<String, String> properties = new HashMap<>(PROPERTIES);
        properties.put("web.wait-time", "0s");

        List<String> printed = application.run(properties).stream()
                .filter(line -> line.startsWith("> "))
                .toList();

        assertThat(printed)
                .containsExactly(
                        "> held 200 order 42",
                        "> one 200 true",
                        "> released 200 true",
                        "> health 200 UP answers",
                        "> handler 200 order:42",
                        "> asynchronous 200 order:43",
                        "> contended 423 423");
    }

    /** What is returned becomes JSON, by reflection. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                LocksDescriptor.class,
                LocksDescriptor.Held.class,
                LocksDescriptor.Waiting.class,
                LockDescriptor.class,
                ForcedReleaseDescriptor.class
            })
    void letsAnswersOfTheEndpointBecomeJson(Class<?> descriptor) {
        RuntimeHints hints = process();
        for (RecordComponent component : descriptor.getRecordComponents()) {
            assertThat(hints)
                    .as(component.getName())
                    .matches(RuntimeHintsPredicates.reflection()
                            .onMethod(component.getAccessor())
                            .invoke());
        }
    }

    @Test
    void letsOperationsAndHandlersOfExceptionsBeCalled() {
        RuntimeHints hints = process();
        for (Class<?> type : List.of(
                DistributedLocksEndpoint.class,
                DistributedLocksWebExtension.class,
                DistributedLocksJmxExtension.class)) {
            assertThat(hints)
                    .matches(RuntimeHintsPredicates.reflection()
                            .onMethod(ReflectionUtils.findMethod(type, "releaseLock", (Class<?>[]) null))
                            .invoke());
        }
        Class<?> advice = ClassUtils.resolveClassName("io.github.lockspring.web.LockExceptionAdvice", null);
        assertThat(ReflectionUtils.getDeclaredMethods(advice))
                .filteredOn(method -> method.isAnnotationPresent(ExceptionHandler.class))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(hints)
                        .matches(RuntimeHintsPredicates.reflection()
                                .onMethod(method)
                                .invoke()));
    }

    private static RuntimeHints process() {
        GenericWebApplicationContext context = new GenericWebApplicationContext(new MockServletContext());
        new AnnotatedBeanDefinitionReader(context).register(WebApplication.class);
        TestPropertyValues.of(
                        "distributed-lock.store=memory",
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.exposure.include=distributedlocks",
                        "management.endpoints.web.exposure.include=distributedlocks,health")
                .applyTo(context);
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get(WebApplication.class)), new InMemoryGeneratedFiles());
        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        return generation.getRuntimeHints();
    }
}
