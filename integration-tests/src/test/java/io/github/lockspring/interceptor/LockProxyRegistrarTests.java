package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An annotation is never ignored, whoever creates proxies, or would not. */
class LockProxyRegistrarTests {

    static Stream<Arguments> settings() {
        return Stream.of("", "spring.aop.auto=true", "spring.aop.auto=false")
                .flatMap(auto -> Stream.of(
                                "", "spring.aop.proxy-target-class=true", "spring.aop.proxy-target-class=false")
                        .flatMap(targetClass -> Stream.of(true, false)
                                .map(weaver -> Arguments.of(List.of(auto, targetClass), weaver))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void locks(List<String> properties, boolean weaver) {
        runner(properties, weaver).run(context -> {
            Job job = context.getBean(Job.class);
            job.run("a");

            assertThat(context.getBean(RecordingLocks.class).locked())
                    .containsExactly(ReportJob.class.getName() + ".run");
            assertThat(AopUtils.isJdkDynamicProxy(job))
                    .isEqualTo(properties.contains("spring.aop.proxy-target-class=false"));
        });
    }

    private static ApplicationContextRunner runner(List<String> properties, boolean weaver) {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
                .withUserConfiguration(LockingConfiguration.class)
                .withBean(ReportJob.class)
                .withPropertyValues(
                        properties.stream().filter(each -> !each.isEmpty()).toArray(String[]::new));
        return weaver ? runner : runner.withClassLoader(new FilteredClassLoader("org.aspectj"));
    }
}
