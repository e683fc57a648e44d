package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** Annotated methods where no lock bean is, as in the slice of a test: auto-configuration is switched off there. */
@ExtendWith(OutputCaptureExtension.class)
class UnlockedMethodsTests {

    private static final String SLICE = "spring.boot.enableautoconfiguration=false";

    @Test
    void areSaidOnceInASlice(CapturedOutput output) {
        run(Annotated.class, SLICE);

        assertThat(output)
                .containsOnlyOnce("run WITHOUT a lock")
                .contains(
                        AnnotatedWork.class.getName() + ".run",
                        LazyWork.class.getName() + ".run",
                        "@AutoConfigureTestLocks",
                        "@ImportAutoConfiguration",
                        "distributed-lock.store=memory")
                .doesNotContain("free");
    }

    @Test
    void areSaidWhereTheInterfaceIsAnnotated(CapturedOutput output) {
        run(AnnotatedByInterface.class, SLICE);
        assertThat(output).contains("run WITHOUT a lock", InterfaceWork.class.getName() + ".run");
    }

    @Test
    void areSaidBehindAProxyOfInterfaces(CapturedOutput output) {
        run(BehindInterfaces.class, SLICE);
        assertThat(output).contains("run WITHOUT a lock", AsyncWork.class.getName() + ".run");
    }

    @Test
    void areSaidOfProducts(CapturedOutput output) {
        run(Produced.class, SLICE);
        assertThat(output).contains("run WITHOUT a lock", AnnotatedWork.class.getName() + ".run");
    }

    @Test
    void areNotSaidWhereThereAreNone(CapturedOutput output) {
        run(NotAnnotated.class, SLICE);
        assertThat(output).doesNotContain("WITHOUT a lock");
    }

    @Test
    void areNotSaidOfExcludedMethods(CapturedOutput output) {
        run(Excluding.class, SLICE);
        assertThat(output)
                .contains("run WITHOUT a lock", ExcludingWork.class.getName() + ".run")
                .doesNotContain(ExcludingWork.class.getName() + ".excluded");
    }

    @Test
    void areNotSaidOfMocks(CapturedOutput output) {
        run(Mocked.class, SLICE);
        assertThat(output).doesNotContain("WITHOUT a lock");
    }

    @Test
    void areNotSaidWhereTheyAreLocked(CapturedOutput output) {
        run(Annotated.class, "distributed-lock.store=memory");
        assertThat(output).doesNotContain("WITHOUT a lock");
    }

    /** Of classes that are woven, the others are said to be as well: those refuse their calls. */
    @Test
    void areSaidWhereClassesWereToBeWoven(CapturedOutput output) {
        run(Annotated.class, SLICE, "distributed-lock.advice-mode=aspectj");
        assertThat(output).containsOnlyOnce("run WITHOUT a lock").contains(AnnotatedWork.class.getName() + ".run");
    }

    @Test
    void areSaidOnceWhereLockingIsSwitchedOff(CapturedOutput output) {
        run(Annotated.class, "distributed-lock.enabled=false");
        assertThat(output).containsOnlyOnce("WITHOUT a lock").contains("distributed-lock.enabled=false");
    }

    private static void run(Class<?> application, String... properties) {
        new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(properties)
                .properties("spring.datasource.url=jdbc:h2:mem:unlocked")
                .run()
                .close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Annotated {

        @Bean
        AnnotatedWork work() {
            return new AnnotatedWork();
        }

        @Bean
        @Lazy
        LazyWork lazy() {
            return new LazyWork();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class AnnotatedByInterface {

        @Bean
        InterfaceWork work() {
            return new InterfaceWork();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableAsync
    static class BehindInterfaces {

        @Bean
        AsyncWork work() {
            return new AsyncWork();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Produced {

        @Bean
        FactoryBean<AnnotatedWork> work() {
            return new FactoryBean<>() {

                @Override
                public AnnotatedWork getObject() {
                    return new AnnotatedWork();
                }

                @Override
                public Class<?> getObjectType() {
                    return AnnotatedWork.class;
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class NotAnnotated {

        @Bean
        Runnable work() {
            return () -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Excluding {

        @Bean
        ExcludingWork work() {
            return new ExcludingWork();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Mocked {

        @Bean
        AnnotatedWork work() {
            return mock(AnnotatedWork.class);
        }
    }

    static class AnnotatedWork {

        @DistributedLock("work")
        void run() {}

        void free() {}
    }

    @DistributedLock("class")
    static class ExcludingWork {

        void run() {}

        @NotLocked
        void excluded() {}
    }

    static class AsyncWork implements Runnable {

        @Override
        @Async
        @DistributedLock("async")
        public void run() {}
    }

    static class LazyWork {

        @DistributedLock("lazy")
        void run() {}
    }

    interface Locked {

        @DistributedLock("interface")
        void run();
    }

    static class InterfaceWork implements Locked {

        @Override
        public void run() {}
    }
}
