package io.github.lockspring.autoconfigure;

import io.github.lockspring.LeaseReleaseStrategy;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockOperationSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of an application that has disabled locking: a warning, and beans that do not lock, so that beans
 * that depend on them are created. Annotated methods run as if they were not annotated.
 *
 * @since 0.1
 */
@AutoConfiguration
@Conditional(OnLockingDisabled.class)
@Import({DisabledLockServersRegistrar.class, LockReactiveConfiguration.class, LockSwitchesRegistrar.class})
public final class DistributedLockDisabledAutoConfiguration {

    DistributedLockDisabledAutoConfiguration() {}

    @Bean
    static DisabledLockWarning distributedLockDisabledWarning(Environment environment) {
        return new DisabledLockWarning(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    LockSettings distributedLockSettings() {
        return LockSettings.DEFAULTS;
    }

    @Bean
    @ConditionalOnMissingBean
    LockEngine distributedLockEngine() {
        return new PassThroughLockEngine();
    }

    /** Without this configuration, calls of woven methods would be refused. Infrastructure is never lazy. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @ConditionalOnClass(name = "org.aspectj.lang.Aspects")
    @ConditionalOnProperty(name = "distributed-lock.advice-mode", havingValue = "aspectj")
    @Nullable WovenAspect distributedLockWovenAspect(BeanFactory beanFactory, LockOperations operations) {
        return WovenAspect.ifWoven(new LockAspectSupport(LockOperationSource.none(), () -> operations, beanFactory));
    }

    @Bean
    @ConditionalOnMissingBean
    LockTaskExecution distributedLockTaskExecution(BeanFactory beanFactory, Environment environment) {
        return new LockTasks(beanFactory, environment.getProperty(LockTasks.PROPERTY), (name, executor) -> {});
    }

    @Bean(DistributedLockAutoConfiguration.TEMPLATE)
    @ConditionalOnMissingBean(LockOperations.class)
    LockTemplate distributedLockTemplate(LockEngine engine, LockSettings settings, LockTaskExecution tasks) {
        return new LockTemplate(engine, settings, LeaseReleaseStrategy.IMMEDIATE, tasks);
    }
}
