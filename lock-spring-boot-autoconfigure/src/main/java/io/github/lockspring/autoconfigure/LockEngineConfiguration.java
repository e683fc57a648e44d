package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.LockStore;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The engine, what runs its callbacks, and its end. Imported, so that it comes before the template. */
@Configuration(proxyBeanMethods = false)
final class LockEngineConfiguration {

    static final String CALLBACK_EXECUTOR = "distributedLockCallbackExecutor";

    private static final int CALLBACK_THREADS = 8;

    /**
     * Runs stages of asynchronous acquisitions; loss listeners have threads of the engine. Not one of Spring's executors,
     * which refuse tasks as soon as the context begins to close: stages end until the engine is closed. No candidate for
     * injection by type, so that it displaces no executor of the application.
     */
    @Bean(name = CALLBACK_EXECUTOR, defaultCandidate = false, destroyMethod = "shutdown")
    @ConditionalOnMissingBean(name = CALLBACK_EXECUTOR)
    ThreadPoolExecutor distributedLockCallbackExecutor() {
        return DaemonThreads.pool("callback", CALLBACK_THREADS, Integer.MAX_VALUE);
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
                properties.toEngineSettings(properties.redis(), application(environment), callbackExecutor));
    }

    static String application(Environment environment) {
        return environment.getProperty("spring.application.name", "application");
    }

    @Bean
    @ConditionalOnBean(LockEngine.class)
    @ConditionalOnMissingBean(name = "distributedLockEngineLifecycle")
    ClosingLifecycle distributedLockEngineLifecycle(LockEngine engine) {
        return ClosingLifecycle.ofEngine(engine);
    }
}
