package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.ArgumentValidationPostProcessor;
import io.github.lockspring.interceptor.AsyncExecutionPostProcessor;
import io.github.lockspring.interceptor.BeanFactoryLockOperationSourceAdvisor;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockInterceptor;
import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.interceptor.LockProxyRegistrar;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/** Annotated methods are locked by proxies, regardless of other creators of proxies. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnNoWeaving.class)
@Import(LockProxyRegistrar.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
final class LockProxyConfiguration {

    private static final String INTERCEPTOR = "distributedLockInterceptor";

    /**
     * Looks up the interceptor by name at the first call, so that creating a proxy does not require it. Parameters are named
     * like beans, which are then not searched for by type: that would create beans too early.
     */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BeanFactoryLockOperationSourceAdvisor distributedLockAdvisor(
            LockOperationSource distributedLockOperationSource, Environment environment) {
        BeanFactoryLockOperationSourceAdvisor advisor =
                new BeanFactoryLockOperationSourceAdvisor(distributedLockOperationSource);
        advisor.setAdviceBeanName(INTERCEPTOR);
        advisor.setOrder(DistributedLockProperties.of(environment).order());
        return advisor;
    }

    @Bean(INTERCEPTOR)
    @ConditionalOnMissingBean(name = INTERCEPTOR, search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockInterceptor distributedLockInterceptor(LockAspectSupport distributedLockAspectSupport) {
        return new LockInterceptor(distributedLockAspectSupport);
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ArgumentValidationPostProcessor distributedLockArgumentValidation() {
        return new ArgumentValidationPostProcessor();
    }

    /** Comes after the one for arguments, which are validated before a lock is acquired. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AsyncExecutionPostProcessor distributedLockAsyncExecution() {
        return new AsyncExecutionPostProcessor();
    }
}
