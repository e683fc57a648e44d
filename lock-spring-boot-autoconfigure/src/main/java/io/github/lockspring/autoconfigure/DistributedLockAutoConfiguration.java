package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.LockTemplate;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the template and its engine, and of the templates and engines of further servers.
 *
 * @since 0.1
 */
@AutoConfiguration(after = LockStoreAutoConfiguration.class)
@Conditional(OnLockingEnabled.class)
@EnableConfigurationProperties(DistributedLockProperties.class)
@Import({
    LockEngineConfiguration.class,
    LockMonitorConfiguration.class,
    LockReactiveConfiguration.class,
    LockSwitchesRegistrar.class,
    LockTransactionConfiguration.class
})
public final class DistributedLockAutoConfiguration {

    static final String TEMPLATE = "distributedLockTemplate";

    DistributedLockAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    LockSettings distributedLockSettings(DistributedLockProperties properties) {
        return properties.toLockSettings();
    }

    @Bean
    @ConditionalOnMissingBean
    LockTaskExecution distributedLockTaskExecution(
            BeanFactory beanFactory, DistributedLockProperties properties, Environment environment) {
        return new LockTasks(beanFactory, properties.taskExecutor(), new BlockingExecutorWarning(environment)::check);
    }

    @Bean(TEMPLATE)
    @ConditionalOnMissingBean(LockOperations.class)
    LockTemplate distributedLockTemplate(
            LockEngine engine,
            LockSettings settings,
            ObjectProvider<LeaseReleaseStrategy> releases,
            LockTaskExecution tasks) {
        return new LockTemplate(engine, settings, releases.getIfAvailable(() -> LeaseReleaseStrategy.IMMEDIATE), tasks);
    }
}
