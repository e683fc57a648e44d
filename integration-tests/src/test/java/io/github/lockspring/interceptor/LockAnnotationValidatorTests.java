package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;

import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.WrongJobs.BadDuration;
import io.github.lockspring.interceptor.WrongJobs.FinalAndUnknown;
import io.github.lockspring.interceptor.WrongJobs.FinalMethod;
import io.github.lockspring.interceptor.WrongJobs.FinalOfClass;
import io.github.lockspring.interceptor.WrongJobs.HeirElsewhere;
import io.github.lockspring.interceptor.WrongJobs.LaterResult;
import io.github.lockspring.interceptor.WrongJobs.NamesNeeded;
import io.github.lockspring.interceptor.WrongJobs.Overloads;
import io.github.lockspring.interceptor.WrongJobs.PrivateMethod;
import io.github.lockspring.interceptor.WrongJobs.ShortLease;
import io.github.lockspring.interceptor.WrongJobs.StaticMethod;
import io.github.lockspring.interceptor.WrongJobs.UnknownVariable;
import io.github.lockspring.interceptor.WrongJobs.Unparsable;
import io.github.lockspring.interceptor.WrongJobs.Unreachable;
import io.github.lockspring.interceptor.WrongJobs.Unresolvable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** What is wrong stops the start, and the message says where, what, and how to mend it. */
@ExtendWith(OutputCaptureExtension.class)
class LockAnnotationValidatorTests {

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(UnknownVariable.class, new String[] {
                    "key = \"#oder\"", "UnknownVariable.run(String)", "unknown variable #oder", "Use #argument, #p0"
                }),
                Arguments.of(WithoutParameterNames.of(NamesNeeded.class), new String[] {
                    "key = \"#argument\"", "NamesNeeded.run(String)", "missing from the class file", "-parameters"
                }),
                Arguments.of(Unparsable.class, new String[] {
                    "key = \"#argument.\"", "Unparsable.run(String)", "not a valid SpEL expression", "Correct it"
                }),
                Arguments.of(BadDuration.class, new String[] {
                    "waitTime = \"soon\"", "BadDuration.run(String)", "'soon' is not a valid duration", "\"5s\""
                }),
                Arguments.of(ShortLease.class, new String[] {
                    "leaseTime = \"100ms\"", "ShortLease.run(String)", "less than PT1S", "at least one second"
                }),
                Arguments.of(Unresolvable.class, new String[] {
                    "name = \"${no.such.property}\"", "Unresolvable.run(String)", "Define the property"
                }),
                Arguments.of(Overloads.class, new String[] {
                    "Overloads.run(String)",
                    "Overloads.run(String, int)",
                    "share the lock",
                    "Give each overload its own name"
                }),
                Arguments.of(LaterResult.class, new String[] {
                    "LaterResult.run(String)", "before its work is done", "Callable", "executeAsync"
                }),
                Arguments.of(PrivateMethod.class, new String[] {
                    "PrivateMethod.hidden()", "a proxy cannot intercept a private method", "Make it a public method"
                }),
                Arguments.of(StaticMethod.class, new String[] {
                    "StaticMethod.utility()", "a proxy cannot intercept a static method", "Make it a public method"
                }));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatCannotWork(Class<? extends Job> type, String[] message) {
        for (ProxyKind kind : ProxyKind.values()) {
            LockingConfiguration.runner(kind)
                    .withClassLoader(type.getClassLoader())
                    .withBean(type)
                    .run(context -> assertRefused(context, message));
        }
    }

    @Test
    void refusesAFinalMethodOfAProxiedClass() {
        LockingConfiguration.runner(ProxyKind.CLASS)
                .withBean(FinalMethod.class)
                .run(context -> assertRefused(
                        context, FinalMethod.class.getName() + ".run(String)", "the method is final", "Remove final"));
    }

    @Test
    void refusesAFinalMethodOfAnAnnotatedClass() {
        LockingConfiguration.runner(ProxyKind.CLASS)
                .withBean(FinalOfClass.class)
                .run(context -> assertRefused(context, FinalOfClass.class.getName() + ".run(String)", "final"));
    }

    @Test
    void locksAFinalMethodThroughItsInterface() {
        LockingConfiguration.runner(ProxyKind.INTERFACES)
                .withBean(FinalMethod.class)
                .run(context -> {
                    context.getBean(Job.class).run("a");
                    assertThat(context.getBean(RecordingLocks.class).locked())
                            .containsExactly(FinalMethod.class.getName() + ".run");
                });
    }

    @Test
    void refusesAMethodThatNoInterfaceDeclares() {
        LockingConfiguration.runner(ProxyKind.INTERFACES)
                .withBean(Unreachable.class)
                .run(context -> assertRefused(
                        context,
                        Unreachable.class.getName() + ".extra()",
                        "none of them declares this method",
                        "spring.aop.proxy-target-class=true"));
    }

    @Test
    void locksAMethodThatNoInterfaceDeclaresOfAProxiedClass() {
        LockingConfiguration.runner(ProxyKind.CLASS).withBean(Unreachable.class).run(context -> {
            context.getBean(Unreachable.class).extra();
            assertThat(context.getBean(RecordingLocks.class).locked())
                    .containsExactly(Unreachable.class.getName() + ".extra");
        });
    }

    @Test
    void refusesAMethodThatTheProxyCannotSee() {
        LockingConfiguration.runner(ProxyKind.CLASS)
                .withBean(HeirElsewhere.class)
                .run(context -> assertRefused(
                        context, HeirElsewhere.class.getName() + ".hidden()", "in its package only", "Make it public"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesALazyBeanWhenItIsCreated(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(UnknownVariable.class, UnknownVariable::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatExceptionOfType(BeanCreationException.class)
                            .isThrownBy(() -> context.getBean(Job.class))
                            .withRootCauseInstanceOf(InvalidLockAnnotationException.class);
                });
    }

    @ParameterizedTest
    @EnumSource
    void refusesAPrototypeWhenItIsCreated(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(
                        FinalAndUnknown.class,
                        FinalAndUnknown::new,
                        definition -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE))
                .run(context -> assertThatExceptionOfType(BeanCreationException.class)
                        .isThrownBy(() -> context.getBean(Job.class))
                        .withRootCauseInstanceOf(InvalidLockAnnotationException.class));
    }

    @Test
    void reportsEverythingThatIsWrongWithABean() {
        LockingConfiguration.runner(ProxyKind.CLASS)
                .withBean(FinalAndUnknown.class)
                .run(context -> assertRefused(context, "unknown variable #oder", "the method is final"));
    }

    @ParameterizedTest
    @EnumSource
    void warnsWhenToldTo(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withPropertyValues("validation=WARN")
                .withBean(UnknownVariable.class)
                .run(context -> {
                    assertThat(output).containsOnlyOnce("unknown variable #oder");
                    assertThatExceptionOfType(InvalidLockAnnotationException.class)
                            .isThrownBy(() -> context.getBean(Job.class).run("a"));
                });
    }

    @ParameterizedTest
    @EnumSource
    void checksNothingWhenToldTo(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withPropertyValues("validation=OFF")
                .withBean(UnknownVariable.class)
                .run(context -> {
                    assertThat(output).doesNotContain("DistributedLock");
                    assertThatExceptionOfType(InvalidLockAnnotationException.class)
                            .isThrownBy(() -> context.getBean(Job.class).run("a"));
                });
    }

    @ParameterizedTest
    @EnumSource
    void warnsAboutABeanThatIsTooOldForAProxy(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withUserConfiguration(NeededTooEarly.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains(ReportJob.class.getName() + ".run(String)", "no proxy that locks");
                });
    }

    @ParameterizedTest
    @EnumSource
    void warnsAboutAProductThatIsTooOldForAProxy(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withUserConfiguration(ProductNeededTooEarly.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output)
                            .containsOnlyOnce("no proxy that locks")
                            .contains(".load()", "BeanFactoryPostProcessor depends on this bean");
                });
    }

    /** Only a product that has annotated methods, and whose factory is too old, is created to find out. */
    @ParameterizedTest
    @EnumSource
    void createsNoProductToCheckIt(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean("late", RatesFactory.class)
                .withInitializer(context -> context.getBeanFactory().registerSingleton("free", new FreeFactory()))
                .run(context -> {
                    assertThat(context.getBean(RatesFactory.class).products).isZero();
                    assertThat(context.getBean(FreeFactory.class).products).isZero();
                    context.getBean(Rates.class).load();
                    assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("rates");
                });
    }

    @ParameterizedTest
    @EnumSource
    void doesNotRefuseWhatIsRegisteredByHand(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withInitializer(context -> context.getBeanFactory().registerSingleton("mock", new ReportJob()))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @EnumSource
    void saysNothingAboutMocks(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withInitializer(context -> context.getBeanFactory().registerSingleton("mock", mock(ReportJob.class)))
                .run(context -> assertThat(output).doesNotContain("no proxy that locks"));
        LockingConfiguration.runner(kind)
                .withInitializer(context -> context.getBeanFactory().registerSingleton("spy", spy(new ReportJob())))
                .run(context -> assertThat(output).contains("no proxy that locks"));
    }

    @ParameterizedTest
    @EnumSource
    void acceptsCircularReferences(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withAllowCircularReferences(true)
                .withUserConfiguration(Circle.class)
                .run(context -> {
                    context.getBean(Caller.class).job.run("a");
                    assertThat(context.getBean(RecordingLocks.class).locked()).hasSize(1);
                    assertThat(output).doesNotContain("no proxy that locks");
                });
    }

    @ParameterizedTest
    @EnumSource
    void createsNoBeanBeforeItsTime(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind).withBean(ReportJob.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).doesNotContain("not eligible for getting processed");
        });
    }

    private static void assertRefused(AssertableApplicationContext context, String... message) {
        assertThat(context).hasFailed();
        assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOf(InvalidLockAnnotationException.class)
                .hasMessageContainingAll(message);
    }

    @Configuration(proxyBeanMethods = false)
    static class NeededTooEarly {

        @Bean
        ReportJob job() {
            return new ReportJob();
        }

        @Bean
        static NeedingTheJob needingTheJob(Job job) {
            return new NeedingTheJob();
        }
    }

    /** Bean post processors with an order are created before one of them is at work. */
    static class NeedingTheJob implements BeanPostProcessor, Ordered {

        @Override
        public int getOrder() {
            return 0;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ProductNeededTooEarly {

        @Bean
        static RatesFactory rates() {
            return new RatesFactory();
        }

        @Bean
        static BeanFactoryPostProcessor needingTheRates(Rates rates) {
            return beanFactory -> rates.load();
        }
    }

    interface Rates {

        @DistributedLock("rates")
        String load();
    }

    static class RatesFactory implements FactoryBean<Rates> {

        int products;

        @Override
        public Rates getObject() {
            this.products++;
            return () -> "rates";
        }

        @Override
        public Class<?> getObjectType() {
            return Rates.class;
        }
    }

    static class FreeFactory implements FactoryBean<Runnable> {

        int products;

        @Override
        public Runnable getObject() {
            this.products++;
            return () -> {};
        }

        @Override
        public Class<?> getObjectType() {
            return Runnable.class;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Circle {

        @Bean
        CircularJob job() {
            return new CircularJob();
        }

        @Bean
        Caller caller() {
            return new Caller();
        }
    }

    static class CircularJob extends ReportJob {

        @Autowired
        Caller caller;
    }

    static class Caller {

        @Autowired
        Job job;
    }
}
