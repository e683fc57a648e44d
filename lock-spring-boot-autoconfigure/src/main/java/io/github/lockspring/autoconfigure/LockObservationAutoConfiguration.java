package io.github.lockspring.autoconfigure;

import io.github.lockspring.observation.BoundedNames;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of meters and observations of locks, where Spring Boot has made a registry for them.
 *
 * @since 0.1
 */
@AutoConfiguration(
        after = DistributedLockAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@Conditional(OnLockingEnabled.class)
@EnableConfigurationProperties(DistributedLockProperties.class)
@Import({LockMetricsConfiguration.class, LockObservedConfiguration.class})
public final class LockObservationAutoConfiguration {

    LockObservationAutoConfiguration() {}

    /** For both, so that a lock has one name in meters and observations, and too many names are warned of once. */
    @Bean
    @ConditionalOnMissingBean
    BoundedNames distributedLockMonitoredNames(DistributedLockProperties properties) {
        return new BoundedNames(properties.metrics().maxNames());
    }
}
