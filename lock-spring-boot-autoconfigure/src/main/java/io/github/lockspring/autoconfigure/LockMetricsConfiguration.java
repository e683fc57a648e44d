package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.observation.BoundedNames;
import io.github.lockspring.observation.LockMetrics;
import io.github.lockspring.observation.UnmeteredLockObservations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Meters of locks. They need no registry to be made, so that whatever a registry needs may lock: Spring Boot binds them to
 * each.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({MeterRegistry.class, ObservationRegistry.class})
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnProperty(name = "distributed-lock.metrics.enabled", matchIfMissing = true)
final class LockMetricsConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LockMetrics distributedLockMetrics(ListableBeanFactory beanFactory, BoundedNames distributedLockMonitoredNames) {
        return new LockMetrics(() -> engines(beanFactory), distributedLockMonitoredNames);
    }

    /** Those that exist: gauges are read while the application starts or ends, too, and must not create any. */
    private static List<LockEngine> engines(ListableBeanFactory beanFactory) {
        return Stream.of(beanFactory.getBeanNamesForType(LockEngine.class, true, false))
                .map(name -> NearestBean.ifCreated(beanFactory, name))
                .filter(Objects::nonNull)
                .map(LockEngine.class::cast)
                .toList();
    }

    /** Spring Boot asks the handlers of meters in their order, and takes the first that supports an observation. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean
    UnmeteredLockObservations distributedLockUnmeteredObservations() {
        return new UnmeteredLockObservations();
    }
}
