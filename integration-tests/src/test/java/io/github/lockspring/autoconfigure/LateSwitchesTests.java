package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockOperations;
import io.github.lockspring.actuate.DistributedLocksEndpoint;
import io.github.lockspring.store.LockStore;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;

/**
 * Properties that differ from what an application was processed with ahead of time: its beans are those of the build. Here,
 * they change between the definition of beans and their creation.
 */
@ExtendWith(OutputCaptureExtension.class)
class LateSwitchesTests {

    @Test
    void lockingThatWasDisabledIsTheLoudest(CapturedOutput output) {
        started(LockContextRunners.plain().withPropertyValues("distributed-lock.enabled=false"), "enabled", "true")
                .run(context -> assertThat(output.getOut().lines())
                        .filteredOn(line -> line.contains("distributed-lock."))
                        .singleElement()
                        .asString()
                        .contains("ERROR")
                        .contains("distributed-lock.enabled=true has no effect: the application was processed ahead of"
                                + " time with distributed-lock.enabled=false, and methods annotated with"
                                + " @DistributedLock run WITHOUT a lock, and LockOperations does not lock anything."
                                + " Process it again with distributed-lock.enabled=true"));
    }

    @Test
    void lockingThatIsDisabledTooLate(CapturedOutput output) {
        started(LockContextRunners.memory(), "enabled", "false").run(context -> {
            assertThat(context.getBean(LockOperations.class).<String, RuntimeException>call("work", () -> "done"))
                    .isEqualTo("done");
            assertThat(output.getOut().lines())
                    .filteredOn(line -> line.contains("distributed-lock.enabled=false has no effect"))
                    .singleElement()
                    .asString()
                    .contains("WARN")
                    .contains("Process it again with distributed-lock.enabled=false");
        });
    }

    @Test
    void locksOfOneProcessAreLoud(CapturedOutput output) {
        started(LockContextRunners.memory(), "store", "redis")
                .run(context -> assertThat(output.getOut().lines())
                        .filteredOn(line -> line.contains("distributed-lock.store"))
                        .singleElement()
                        .asString()
                        .contains("ERROR")
                        .contains("distributed-lock.store=redis has no effect")
                        .contains("locks exclude the threads of this process only, NOT other processes"));
    }

    @Test
    void aStoreInMemoryThatComesTooLate(CapturedOutput output) {
        started(LockContextRunners.redis(), "store", "memory")
                .run(context -> assertThat(output.getOut().lines())
                        .filteredOn(line -> line.contains("distributed-lock.store"))
                        .singleElement()
                        .asString()
                        .contains("WARN")
                        .contains("processed ahead of time with distributed-lock.store=redis")
                        .contains("Process it again with distributed-lock.store=memory"));
    }

    @Test
    void aStoreOfTheApplicationDoesNotDependOnTheProperty(CapturedOutput output) {
        started(LockContextRunners.memory().withBean(LockStore.class, () -> mock(LockStore.class)), "store", "redis")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).doesNotContain("distributed-lock.store");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "advice-mode, proxy, aspectj",
        "metrics.enabled, true, false",
        "observation.enabled, false, true",
        "web.enabled, true, off"
    })
    void allOtherSwitches(String name, String processed, String started, CapturedOutput output) {
        String property = "distributed-lock." + name;
        String bound = started.equals("off") ? "false" : started;
        started(LockContextRunners.memory().withPropertyValues(property + "=" + processed), name, started)
                .run(context -> assertThat(output)
                        .containsOnlyOnce(
                                property + "=" + bound + " has no effect: the application was processed ahead of"
                                        + " time with " + property + "=" + processed + ". Process it again with "
                                        + property + "="
                                        + bound));
    }

    /** The application does not set what is named in the message. */
    @Test
    void aSwitchThatIsNoLongerSet(CapturedOutput output) {
        withoutProperties(LockContextRunners.plain()
                        .withBean(LockStore.class, () -> mock(LockStore.class))
                        .withPropertyValues("distributed-lock.web.enabled=false"))
                .run(context ->
                        assertThat(output).contains("distributed-lock.web.enabled=true, its default, has no effect"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "yes", "on", "TRUE"})
    void theSameValueIsNotTold(String value, CapturedOutput output) {
        started(LockContextRunners.memory(), "metrics.enabled", value).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).doesNotContain("has no effect");
        });
    }

    @Test
    void aServerThatIsAdded(CapturedOutput output) {
        started(LockContextRunners.memory(), "servers.added.command-timeout", "3s")
                .withConfiguration(AutoConfigurations.of(LockActuatorAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=distributedlocks")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(DistributedLocksEndpoint.class)).isNotNull();
                    assertThat(output)
                            .contains(
                                    "distributed-lock.servers.added has no effect: the application was processed ahead"
                                            + " of time without this server")
                            .doesNotContain("for server added");
                });
    }

    @Test
    void aServerThatIsRemoved() {
        withoutProperties(LockContextRunners.plain()
                        .withBean(LockStore.class, () -> mock(LockStore.class))
                        .withPropertyValues(
                                "distributed-lock.store=memory", "distributed-lock.servers.removed.command-timeout=3s"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(type(InvalidLockPropertiesException.class))
                        .satisfies(failure -> assertThat(failure)
                                .hasMessageContaining("distributed-lock.servers.removed=(not set)")
                                .hasMessageContaining("processed ahead of time with this server")));
    }

    private static ApplicationContextRunner started(ApplicationContextRunner processed, String name, String value) {
        return processed.withInitializer(context ->
                context.addBeanFactoryPostProcessor(beans -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("start", Map.of("distributed-lock." + name, value)))));
    }

    private static ApplicationContextRunner withoutProperties(ApplicationContextRunner processed) {
        return processed.withInitializer(context -> context.addBeanFactoryPostProcessor(
                beans -> context.getEnvironment().getPropertySources().remove("test")));
    }
}
