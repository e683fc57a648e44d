package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockStore;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.engine.DefaultLockEngine;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the template and the engine under it.
 *
 * @since 0.1
 */
@AutoConfiguration(after = LockStoreAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "distributed-lock.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DistributedLockProperties.class)
public final class DistributedLockAutoConfiguration {

    private static final String CALLBACK_EXECUTOR = "distributedLockCallbackExecutor";

    DistributedLockAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(LockOperations.class)
    LockTemplate distributedLockTemplate(LockEngine engine, LockSettings settings) {
        return new LockTemplate(engine, settings);
    }

    @Bean
    @ConditionalOnMissingBean
    LockSettings distributedLockSettings(DistributedLockProperties properties) {
        return properties.toLockSettings();
    }

    @Bean
    @Conditional(EngineIsOfUse.class)
    @ConditionalOnMissingBean
    LockEngine distributedLockEngine(
            ObjectProvider<LockStore> store,
            DistributedLockProperties properties,
            Environment environment,
            @Qualifier(CALLBACK_EXECUTOR) Executor callbackExecutor) {
        return new DefaultLockEngine(
                store.getIfAvailable(() -> {
                    throw new NoLockStoreException();
                }),
                properties.toEngineSettings(
                        environment.getProperty("spring.application.name", "application"), callbackExecutor));
    }

    @Bean
    @ConditionalOnBean(LockEngine.class)
    @ConditionalOnMissingBean(name = "distributedLockEngineLifecycle")
    ClosingLifecycle distributedLockEngineLifecycle(LockEngine engine) {
        return ClosingLifecycle.ofEngine(engine);
    }

    /** No candidate for injection by type, so that it displaces no executor of the application. */
    @Bean(name = CALLBACK_EXECUTOR, defaultCandidate = false, destroyMethod = "shutdown")
    @ConditionalOnMissingBean(name = CALLBACK_EXECUTOR)
    CallbackExecutor distributedLockCallbackExecutor() {
        return new CallbackExecutor();
    }
}
