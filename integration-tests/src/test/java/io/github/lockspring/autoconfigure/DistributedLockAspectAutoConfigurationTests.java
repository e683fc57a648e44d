package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.mockito.Mockito.mock;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.BeanFactoryLockOperationSourceAdvisor;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import io.github.lockspring.interceptor.LockAnnotationValidator;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.interceptor.LockValidation;
import java.util.List;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class DistributedLockAspectAutoConfigurationTests {

    private final ApplicationContextRunner memory =
            LockContextRunners.memory().withBean("job", Job.class, ReportJob::new);

    static Stream<ApplicationContextRunner> waysToProxy() {
        return Stream.of(LockContextRunners.memory().withBean("job", Job.class, ReportJob::new))
                .flatMap(runner ->
                        Stream.of(runner, runner.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))))
                .flatMap(runner -> Stream.of(runner, runner.withClassLoader(new FilteredClassLoader("org.aspectj"))))
                .flatMap(runner -> Stream.of(runner, runner.withPropertyValues("spring.aop.auto=false")))
                .flatMap(runner -> Stream.of(runner, runner.withPropertyValues("spring.aop.proxy-target-class=false")));
    }

    @ParameterizedTest
    @MethodSource("waysToProxy")
    void locksHoweverProxiesAreMade(ApplicationContextRunner runner) {
        runner.run(context -> {
            Job job = context.getBean("job", Job.class);
            boolean classes =
                    context.getEnvironment().getProperty("spring.aop.proxy-target-class", Boolean.class, true);
            assertThat(AopUtils.isCglibProxy(job)).isEqualTo(classes);
            assertThat(AopUtils.isJdkDynamicProxy(job)).isEqualTo(!classes);
            assertThat(job.locksHeld()).containsExactly("report");
        });
    }

    @Test
    void saysNothingAboutBeansThatProxiesCannotReach(CapturedOutput output) {
        this.memory.run(context -> assertThat(output).doesNotContain("not eligible for getting processed"));
    }

    /** To look for a bean by type creates factories of other beans whose type only they know. */
    @Test
    void createsNoBeansWhilePostProcessorsAreCreated(CapturedOutput output) {
        this.memory.withUserConfiguration(FactoryThatNeedsAJob.class).run(context -> {
            assertThat(context.getBean(Job.class).locksHeld()).containsExactly("report");
            assertThat(output).doesNotContain("not eligible for getting processed");
        });
    }

    @Test
    void runsUnlockedAndSaysSoWhenDisabled(CapturedOutput output) {
        this.memory.withPropertyValues("distributed-lock.enabled=false").run(context -> {
            assertThat(context.getBean(Job.class).locksHeld()).isEmpty();
            assertThat(context).doesNotHaveBean(LockOperationSource.class);
            assertThat(output).contains("distributed-lock.enabled=false", "WITHOUT a lock");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "on", "TRUE", "1"})
    void locksWhateverTheWordForTrue(String enabled) {
        this.memory
                .withPropertyValues("distributed-lock.enabled=" + enabled)
                .run(context ->
                        assertThat(context.getBean(Job.class).locksHeld()).containsExactly("report"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "off", "FALSE"})
    void warnsWhateverTheWordForFalse(String enabled, CapturedOutput output) {
        this.memory.withPropertyValues("distributed-lock.enabled=" + enabled).run(context -> {
            assertThat(context).doesNotHaveBean(LockAspectSupport.class);
            assertThat(output).containsOnlyOnce("WITHOUT a lock");
        });
    }

    @Test
    void usesTheOrderThatIsConfigured() {
        this.memory
                .withPropertyValues("distributed-lock.order=42")
                .run(context -> assertThat(context.getBean(BeanFactoryLockOperationSourceAdvisor.class)
                                .getOrder())
                        .isEqualTo(42));
        this.memory.run(context -> assertThat(context.getBean(BeanFactoryLockOperationSourceAdvisor.class)
                        .getOrder())
                .isEqualTo(BeanFactoryLockOperationSourceAdvisor.DEFAULT_ORDER));
    }

    @Test
    void usesTheBeansOfTheApplicationInstead() {
        LockOperationSource source = new LockOperationSource(text -> text);
        LockAnnotationValidator validator = new LockAnnotationValidator(source, LockValidation.OFF, AdviceMode.PROXY);
        LockAspectSupport support = new LockAspectSupport(source, () -> mock(), mock());
        BeanFactoryLockOperationSourceAdvisor advisor = new BeanFactoryLockOperationSourceAdvisor(source);
        advisor.setAdvice((MethodInterceptor) invocation -> List.of("mine"));

        this.memory
                .withBean(LockOperationSource.class, () -> source)
                .withBean(LockAnnotationValidator.class, () -> validator)
                .withBean(LockAspectSupport.class, () -> support)
                .withBean(
                        BeanFactoryLockOperationSourceAdvisor.class, () -> advisor, definition -> definition.setRole(2))
                .run(context -> {
                    assertThat(context.getBean(LockOperationSource.class)).isSameAs(source);
                    assertThat(context.getBean(LockAnnotationValidator.class)).isSameAs(validator);
                    assertThat(context.getBean(LockAspectSupport.class)).isSameAs(support);
                    assertThat(context.getBean(BeanFactoryLockOperationSourceAdvisor.class))
                            .isSameAs(advisor);
                    assertThat(context.getBean(Job.class).locksHeld()).containsExactly("mine");
                });
    }

    @Test
    void failsWhenAnAnnotationCannotWork() {
        LockContextRunners.memory()
                .withBean(WrongJob.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(InvalidLockAnnotationException.class))
                        .hasMessageContaining("WrongJob.run(String)")
                        .hasMessageContaining("#oder"));
    }

    @Test
    void onlyWarnsWhenToldTo(CapturedOutput output) {
        LockContextRunners.memory()
                .withBean(WrongJob.class)
                .withPropertyValues("distributed-lock.validation=warn")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains("WrongJob.run(String)");
                });
    }

    @Test
    void failsWhenTheAspectIsNotWoven() {
        LockContextRunners.memory()
                .withPropertyValues("distributed-lock.advice-mode=aspectj")
                .run(context -> assertThat(context).getFailure().hasMessageContaining("has not been woven"));
    }

    @Test
    void failsWhenAnAnnotatedClassIsNotWoven() {
        this.memory
                .withPropertyValues("distributed-lock.advice-mode=aspectj")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("ReportJob.locksHeld()")
                        .hasMessageContaining("not woven"));
    }

    /** Public, for proxies in the class loaders of some of these tests. */
    public interface Job {

        List<String> locksHeld();
    }

    public static class ReportJob implements Job {

        @Override
        @DistributedLock("report")
        public List<String> locksHeld() {
            return LockContext.current().filter(LockLease::isHeld).map(LockLease::name).stream()
                    .toList();
        }
    }

    static class WrongJob {

        @DistributedLock(key = "#oder")
        String run(String order) {
            return order;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FactoryThatNeedsAJob {

        @Bean
        @SuppressWarnings("rawtypes")
        FactoryBean product(Job job) {
            return new FactoryBean() {
                @Override
                public Object getObject() {
                    return job.toString();
                }

                @Override
                public Class<?> getObjectType() {
                    return String.class;
                }
            };
        }
    }
}
