package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockOperations;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.LockStore;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The engine, what runs its callbacks, and its end. Imported, so that it comes before the template. */
@Configuration(proxyBeanMethods = false)
final class LockEngineConfiguration {

    static final String CALLBACK_EXECUTOR = "distributedLockCallbackExecutor";

    private static final String ENGINE = "distributedLockEngine";

    private static final int CALLBACK_THREADS = 8;

    /**
     * Runs stages of asynchronous acquisitions; loss listeners have threads of the engine. Not one of Spring's
     * executors, which refuse tasks as soon as the context begins to close: stages end until the engine is closed. No
     * candidate for injection by type, so that it displaces no executor of the application.
     */
    @Bean(name = CALLBACK_EXECUTOR, defaultCandidate = false, destroyMethod = "shutdown")
    @ConditionalOnMissingBean(name = CALLBACK_EXECUTOR)
    ThreadPoolExecutor distributedLockCallbackExecutor() {
        return DaemonThreads.pool("callback", CALLBACK_THREADS, Integer.MAX_VALUE);
    }

    /** For the template of the auto-configuration, which a test may replace later on. */
    @Bean(ENGINE)
    @ConditionalOnMissingBean({LockEngine.class, LockOperations.class})
    LockEngine distributedLockEngine(
            ConfigurableListableBeanFactory beanFactory,
            DistributedLockProperties properties,
            Environment environment,
            @Qualifier(CALLBACK_EXECUTOR) Executor callbackExecutor,
            ObjectProvider<LockMonitor> monitors) {
        return engine(
                new LockStoreChoice(beanFactory, properties).choose(),
                properties,
                environment,
                callbackExecutor,
                monitors);
    }

    /**
     * For annotated methods: an application that brings operations of its own needs no engine, and perhaps no store.
     */
    @Bean(ENGINE)
    @ConditionalOnBean({LockStore.class, LockOperations.class})
    @ConditionalOnMissingBean
    LockEngine distributedLockEngineBesideOperations(
            BeanFactory beanFactory,
            DistributedLockProperties properties,
            Environment environment,
            @Qualifier(CALLBACK_EXECUTOR) Executor callbackExecutor,
            ObjectProvider<LockMonitor> monitors) {
        return engine(beanFactory.getBean(LockStore.class), properties, environment, callbackExecutor, monitors);
    }

    private static LockEngine engine(
            LockStore store,
            DistributedLockProperties properties,
            Environment environment,
            Executor callbackExecutor,
            ObjectProvider<LockMonitor> monitors) {
        return engine(
                store,
                properties.toEngineSettings(properties.redis(), application(environment), callbackExecutor),
                monitors);
    }

    /** Its monitors are there before it, and end after it. */
    static LockEngine engine(LockStore store, EngineSettings settings, ObjectProvider<LockMonitor> monitors) {
        LockMonitor monitor = LockMonitors.of(monitors.orderedStream().toList());
        return new RestartableLockEngine(store, () -> new DefaultLockEngine(store, settings, monitor));
    }

    static String application(Environment environment) {
        return environment.getProperty("spring.application.name", "application");
    }

    /** Each context ends its own engines, and not those of its parent. */
    @Bean
    @ConditionalOnBean(value = LockEngine.class, search = SearchStrategy.CURRENT)
    @ConditionalOnMissingBean(name = "distributedLockEngineLifecycle", search = SearchStrategy.CURRENT)
    ClosingLifecycle<LockEngine> distributedLockEngineLifecycle(ListableBeanFactory beanFactory) {
        return ClosingLifecycle.ofEngines(NearestBean.here(beanFactory, LockEngine.class));
    }
}
