package io.github.lockspring.interceptor;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.ProxyKind;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/** The aspect in proxies, with nothing around it. */
@Configuration(proxyBeanMethods = false)
@Import(LockProxyRegistrar.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class LockingConfiguration extends LockingBeans {

    static ApplicationContextRunner runner(ProxyKind kind) {
        return with(kind, new ApplicationContextRunner());
    }

    static ApplicationContextRunner runner(AdviceKind kind) {
        return kind.in(new ApplicationContextRunner()
                .withUserConfiguration(
                        kind == AdviceKind.WOVEN ? WovenLockingConfiguration.class : LockingConfiguration.class));
    }

    static ApplicationContextRunner with(ProxyKind kind, ApplicationContextRunner runner) {
        return kind.in(runner.withUserConfiguration(LockingConfiguration.class));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BeanFactoryLockOperationSourceAdvisor advisor(
            LockOperationSource source, LockAspectSupport support, Environment environment) {
        BeanFactoryLockOperationSourceAdvisor advisor = new BeanFactoryLockOperationSourceAdvisor(source);
        advisor.setOrder(environment.getProperty("order", Integer.class, advisor.getOrder()));
        advisor.setAdvice(new LockInterceptor(support));
        return advisor;
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockAnnotationValidator validator(LockOperationSource source, Environment environment) {
        LockValidation validation = environment.getProperty("validation", LockValidation.class, LockValidation.FAIL);
        return new LockAnnotationValidator(source, validation, AdviceMode.PROXY);
    }
}
