package io.github.lockspring.autoconfigure;

import io.github.lockspring.observation.BoundedNames;
import io.github.lockspring.observation.LockObservationConvention;
import io.github.lockspring.observation.ObservedLocks;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Observations of locks. The registry is looked up by the first call: what its handlers need may lock. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnProperty(name = "distributed-lock.observation.enabled", matchIfMissing = true)
final class LockObservedConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ObservedLocks distributedLockObservations(
            ObjectProvider<ObservationRegistry> registry,
            ObjectProvider<LockObservationConvention> convention,
            BoundedNames distributedLockMonitoredNames) {
        return new ObservedLocks(
                () -> registry.getIfUnique(() -> ObservationRegistry.NOOP),
                convention.getIfAvailable(),
                distributedLockMonitoredNames);
    }
}
