package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockOperations;
import io.github.lockspring.interceptor.LockAnnotationValidator;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockOperationSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of annotated methods: by proxies, or by the woven aspect, never both.
 *
 * @since 0.1
 */
@AutoConfiguration(after = DistributedLockAutoConfiguration.class)
@Conditional(OnLockingEnabled.class)
@EnableConfigurationProperties(DistributedLockProperties.class)
@Import({LockProxyConfiguration.class, LockWeavingConfiguration.class})
@ImportRuntimeHints(LockExpressionHints.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class DistributedLockAspectAutoConfiguration {

    DistributedLockAspectAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockOperationSource distributedLockOperationSource(ConfigurableBeanFactory beanFactory) {
        return new LockOperationSource(beanFactory::resolveEmbeddedValue);
    }

    @Bean
    @ConditionalOnMissingBean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockAnnotationValidator distributedLockAnnotationValidator(
            LockOperationSource source, Environment environment) {
        DistributedLockProperties properties = DistributedLockProperties.of(environment);
        return new LockAnnotationValidator(source, properties.validation(), properties.adviceMode());
    }

    @Bean
    @ConditionalOnMissingBean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockAspectSupport distributedLockAspectSupport(
            LockOperationSource source, ObjectProvider<LockOperations> operations, BeanFactory beanFactory) {
        return new LockAspectSupport(source, operations::getObject, beanFactory);
    }

    @Bean
    @ConditionalOnMissingBean
    UnusedLockSettings distributedLockUnusedSettings(
            DistributedLockProperties properties, ConfigurableEnvironment environment, LockOperationSource source) {
        return new UnusedLockSettings(properties, environment, source);
    }
}
