package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.AsyncResults;
import io.github.lockspring.interceptor.LockAnnotationValidator;
import io.github.lockspring.interceptor.LockOperationSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of annotated methods: by proxies, or by the woven aspect, never both. They use the {@link
 * io.github.lockspring.LockEngine} bean, regardless of {@link io.github.lockspring.LockOperations} beans; without an
 * engine, they use these. In a hierarchy of contexts each reads, checks and locks the methods of its own beans, by the
 * engine of the nearest context that has one.
 *
 * @since 0.1
 */
@AutoConfiguration(after = DistributedLockAutoConfiguration.class)
@Conditional(OnLockingEnabled.class)
@EnableConfigurationProperties(DistributedLockProperties.class)
@Import({
    LockAspectSupportConfiguration.class,
    LockProxyConfiguration.class,
    LockWeavingConfiguration.class,
    LockWebMvcConfiguration.class
})
@ImportRuntimeHints({LockExpressionHints.class, LockKeyTypeHints.class, OptionalClassHints.class})
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class DistributedLockAspectAutoConfiguration {

    DistributedLockAspectAutoConfiguration() {}

    /** Parameters are named like beans, which are then not searched for by type: that would create beans too early. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockOperationSource distributedLockOperationSource(Environment environment) {
        List<AsyncResults> results = new ArrayList<>(LockCoroutines.results(DistributedLockProperties.of(environment)));
        results.addAll(LockReactiveConfiguration.results());
        results.addAll(LockWebMvcConfiguration.results(environment));
        return new LockOperationSource(results);
    }

    /** Parameters are named like beans, as above. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockAnnotationValidator distributedLockAnnotationValidator(
            LockOperationSource distributedLockOperationSource, Environment environment) {
        DistributedLockProperties properties = DistributedLockProperties.of(environment);
        return new LockAnnotationValidator(
                distributedLockOperationSource, properties.validation(), properties.adviceMode());
    }

    @Bean
    @ConditionalOnMissingBean
    UnusedLockSettings distributedLockUnusedSettings(DistributedLockProperties properties, LockOperationSource source) {
        return new UnusedLockSettings(properties, source);
    }

    @Bean
    @ConditionalOnMissingBean
    UnknownLockProperties distributedLockUnknownProperties(ConfigurableEnvironment environment) {
        return new UnknownLockProperties(environment);
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    LockStartReport distributedLockStartReport(
            DistributedLockProperties properties, ListableBeanFactory beanFactory, LockOperationSource source) {
        return new LockStartReport(properties, beanFactory, source);
    }
}
