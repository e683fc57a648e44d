package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;
import io.github.lockspring.interceptor.AsyncResults;
import io.github.lockspring.reactive.ReactiveLockOperations;
import io.github.lockspring.reactive.ReactiveLockTemplate;
import io.github.lockspring.reactive.ReactiveReleaseStrategy;
import io.github.lockspring.reactive.ReactiveResults;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Flux;

/** Locks of Reactor's pipelines, where Reactor is on the class path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Flux.class)
final class LockReactiveConfiguration {

    private static final boolean PRESENT =
            ClassUtils.isPresent("reactor.core.publisher.Flux", LockReactiveConfiguration.class.getClassLoader());

    /** What holds the locks of reactive methods, nothing where there are none. */
    static List<AsyncResults> results() {
        return PRESENT ? List.of(new ReactiveResults()) : List.of();
    }

    /** An application may have several operations, none of them primary, and not use this bean. */
    @Bean
    @Lazy
    @ConditionalOnMissingBean
    ReactiveLockOperations distributedLockReactiveTemplate(
            LockOperations operations,
            LockSettings settings,
            LockTaskExecution tasks,
            ObjectProvider<ReactiveReleaseStrategy> releases) {
        return new ReactiveLockTemplate(
                operations, settings, tasks, releases.getIfAvailable(() -> ReactiveReleaseStrategy.IMMEDIATE));
    }
}
