package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.lang.reflect.Method;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.javapoet.ClassName;
import org.springframework.stereotype.Component;
import org.springframework.util.ReflectionUtils;

/** An application can be prepared for a native image. */
class AheadOfTimeTests {

    private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

    private final DefaultGenerationContext generation =
            new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(Application.class)), this.files);

    @Test
    void keepsTheScriptsOfTheRedisStore() {
        assertThat(process())
                .matches(RuntimeHintsPredicates.resource().forResource("io/github/lockspring/redis/acquire.lua"));
    }

    @Test
    void leavesTheScriptsOutForTheMemoryStore() {
        assertThat(process("distributed-lock.store=memory"))
                .matches(RuntimeHintsPredicates.resource()
                        .forResource("io/github/lockspring/redis/acquire.lua")
                        .negate());
    }

    @Test
    void bindsProperties() {
        assertThat(process())
                .matches(RuntimeHintsPredicates.reflection().onType(DistributedLockProperties.class))
                .matches(RuntimeHintsPredicates.reflection().onType(DistributedLockProperties.PerName.class))
                .matches(RuntimeHintsPredicates.reflection().onType(DistributedLockProperties.Redis.class));
    }

    @Test
    void letsExpressionsReadTheCall() {
        assertThat(process()).matches(RuntimeHintsPredicates.reflection().onType(LockExpressionHints.ROOT));
    }

    @Test
    void letsExpressionsReadWhatIsPassed() {
        RuntimeHints hints = process(WithKeys.class);
        assertThat(hints)
                .matches(readable(Order.class, "id"))
                .matches(readable(Order.class, "customer"))
                .matches(readable(Customer.class, "getCity"))
                .matches(readable(Item.class, "number"))
                .matches(readable(Region.class, "code"))
                .matches(readable(LocalDate.class, "getYear"))
                .matches(readable(Regions.class, "of"))
                .matches(readable(Numbers.class, "next"))
                .matches(readable(Part.class, "toString"))
                .matches(readable(Shelf.class, "toString"))
                .matches(RuntimeHintsPredicates.reflection().onField(ReflectionUtils.findField(Shelf.class, "place")))
                .matches(readable(Urgency.class, "isHigh"));
        assertThat(hints.reflection().getTypeHint(NotRead.class))
                .as("a parameter that no expression reads")
                .isNull();
    }

    private static Predicate<RuntimeHints> readable(Class<?> type, String method) {
        Method found = ReflectionUtils.findMethod(type, method, (Class<?>[]) null);
        assertThat(found).as(method).isNotNull();
        return RuntimeHintsPredicates.reflection().onMethod(found).invoke();
    }

    @Test
    void letsExpressionsReadTypesThatAreBoundedByThemselves() {
        assertThat(process(WithBounds.class))
                .matches(readable(Node.class, "next"))
                .matches(readable(Enum.class, "name"));
    }

    @Test
    void letsExpressionsBeReadWithoutCheckingThem() {
        assertThat(process(WithKeys.class, "distributed-lock.validation=off")).matches(readable(Order.class, "id"));
    }

    @Test
    void letsFallbacksBeCalled() {
        assertThat(process(WithFallback.class))
                .matches(RuntimeHintsPredicates.reflection()
                        .onMethod(WithFallback.class, "instead")
                        .invoke());
    }

    @Test
    void generatesBeansAndProxies() {
        process();
        this.generation.writeGeneratedContent();

        assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet())
                .anyMatch(path -> path.endsWith("DistributedLockAutoConfiguration__BeanDefinitions.java"))
                .anyMatch(path -> path.endsWith("RedisLockStoreConfiguration__BeanDefinitions.java"))
                .anyMatch(path -> path.endsWith("LockProxyConfiguration__BeanDefinitions.java"));
        assertThat(this.files.getGeneratedFiles(Kind.CLASS).keySet())
                .anyMatch(path -> path.contains("Locked$$SpringCGLIB$$"));
    }

    @Test
    void keepsTheLocksOfAsynchronousMethods() {
        process();
        this.generation.writeGeneratedContent();
        assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet())
                .anySatisfy(path -> assertThat(this.files.getGeneratedFileContent(Kind.SOURCE, path))
                        .contains("LockProxyConfiguration.distributedLockAsyncExecution()"));
    }

    @Test
    void refusesAWrongAnnotation() {
        assertThatThrownBy(() -> process(Wrong.class))
                .extracting(NestedExceptionUtils::getMostSpecificCause, as(THROWABLE))
                .isInstanceOf(InvalidLockAnnotationException.class)
                .hasMessageContainingAll(Wrong.class.getName() + ".run(String)", "unknown variable #oder");
    }

    /** The second half is what Spring does: if it ends, so can the check. */
    @Test
    void refusesAnEmptyDestroyMethodThatIsNotKept() {
        assertThatThrownBy(() -> process(Closed.class))
                .extracting(NestedExceptionUtils::getMostSpecificCause, as(THROWABLE))
                .isInstanceOf(InvalidLockAnnotationException.class)
                .hasMessageContainingAll(Closing.class.getName() + ".close()", "destroyMethod = \"\" nothing is left");

        process(Closed.class, "distributed-lock.validation=warn");
        this.generation.writeGeneratedContent();
        assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet())
                .filteredOn(path -> path.contains("AheadOfTimeTests"))
                .anySatisfy(path -> assertThat(this.files.getGeneratedFileContent(Kind.SOURCE, path))
                        .contains("Closing")
                        .doesNotContain("setDestroyMethod"));
    }

    @Test
    void leavesToTheStartWhatTheEnvironmentDecides() {
        assertThat(process(Configured.class)).isNotNull();
    }

    @Test
    void refusesNothingWhenToldTo() {
        assertThat(process(Wrong.class, "distributed-lock.validation=off")).isNotNull();
    }

    @Test
    void generatesTheBeansOfServers() {
        process("distributed-lock.servers.reporting.command-timeout=3s");
        this.generation.writeGeneratedContent();
        assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet())
                .anyMatch(path -> path.endsWith("LockServers__BeanDefinitions.java"))
                .anyMatch(path -> path.endsWith("RedisLockStores__BeanDefinitions.java"));
    }

    /** It is said at each start, not only when the application is built. */
    @Test
    void generatesTheWarningThatLockingIsOff() {
        process("distributed-lock.enabled=false");
        this.generation.writeGeneratedContent();
        assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet())
                .anySatisfy(path -> assertThat(this.files.getGeneratedFileContent(Kind.SOURCE, path))
                        .contains("distributedLockDisabledWarning"));
    }

    private RuntimeHints process(String... properties) {
        return process(Locked.class, properties);
    }

    private RuntimeHints process(Class<?> component, String... properties) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(Application.class, component);
        TestPropertyValues.of(properties).applyTo(context);
        new ApplicationContextAotGenerator().processAheadOfTime(context, this.generation);
        return this.generation.getRuntimeHints();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static class Locked {

        @DistributedLock
        void run() {}
    }

    @Import(Regions.class)
    static class WithKeys {

        @DistributedLock(key = {"#order.id", "#order.customer.city"})
        void ofRecord(Order order, NotRead unused) {}

        @DistributedLock(key = {"#items[0].number", "#date.year"})
        void ofElement(List<Item> items, LocalDate date) {}

        @DistributedLock(key = "@regions.of(#region.code)")
        void ofBean(Region region) {}

        @DistributedLock(key = "T(io.github.lockspring.autoconfigure.AheadOfTimeTests$Numbers).next(#p0)")
        void ofType(int number) {}

        @DistributedLock(key = "#part", condition = "#urgency.high")
        void ofParts(Part part, Urgency urgency) {}
    }

    static class WithBounds {

        @DistributedLock(key = "#kind.name()")
        <E extends Enum<E>> void ofEnum(E kind) {}

        @DistributedLock(key = "#value")
        <T extends Comparable<T>> void ofComparable(T value) {}

        @DistributedLock(key = "#node.next().toString()")
        void ofNode(@SuppressWarnings("rawtypes") Node node) {}
    }

    interface Node<T extends Node<T>> {

        T next();
    }

    record Order(String id, Customer customer) {}

    static class Customer {

        public String getCity() {
            return "Bern";
        }
    }

    record Item(long number) {}

    private record Region(String code) {}

    @Component("regions")
    static class Regions {

        public String of(String code) {
            return code;
        }
    }

    static final class Numbers {

        private Numbers() {}

        public static int next(int number) {
            return number + 1;
        }
    }

    record Part(String name, Shelf shelf) {}

    record Shelf(LocalDate since, String place) {}

    static class Urgency {

        public boolean isHigh() {
            return true;
        }
    }

    static class NotRead {}

    static class WithFallback {

        @DistributedLock(fallback = "instead")
        void run() {}

        private void instead() {}
    }

    static class Wrong {

        @DistributedLock(key = "#oder")
        void run(String order) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Closed {

        @Bean(destroyMethod = "")
        Closing closing() {
            return new Closing();
        }
    }

    static class Closing implements AutoCloseable {

        @Override
        @DistributedLock
        public void close() {}
    }

    static class Configured {

        @DistributedLock(name = "${only.at.run.time}", waitTime = "${only.at.run.time}")
        void run() {}
    }
}
