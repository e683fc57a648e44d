package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockForcedEvent;
import io.github.lockspring.LockSettings;
import io.github.lockspring.actuate.Boot3LockHealthIndicator;
import io.github.lockspring.actuate.DistributedLockHealthIndicator;
import io.github.lockspring.actuate.DistributedLocksEndpoint;
import io.github.lockspring.actuate.DistributedLocksJmxExtension;
import io.github.lockspring.actuate.DistributedLocksWebExtension;
import io.github.lockspring.actuate.ForcedReleases;
import io.github.lockspring.actuate.ObservedEngine;
import io.github.lockspring.redis.RedisLockStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the endpoint {@code distributedlocks}, and of the health of locks, where Spring Boot's Actuator
 * is on the class path.
 *
 * @since 0.1
 */
@AutoConfiguration(after = DistributedLockAutoConfiguration.class)
@Conditional(OnLockingEnabled.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(LockEngine.class)
@EnableConfigurationProperties(DistributedLockProperties.class)
public final class LockActuatorAutoConfiguration {

    LockActuatorAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    DistributedLocksEndpoint distributedLocksEndpoint(
            ListableBeanFactory beanFactory, DistributedLockProperties properties, ObjectProvider<LockEvents> events) {
        LockEvents told = events.getIfAvailable();
        Consumer<LockForcedEvent> listener = told != null ? told::forced : event -> {};
        return new DistributedLocksEndpoint(
                engines(beanFactory, properties),
                new ForcedReleases(properties.forcedRelease().enabled(), listener));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(DistributedLocksEndpoint.class)
    @ConditionalOnAvailableEndpoint(endpoint = DistributedLocksEndpoint.class, exposure = EndpointExposure.WEB)
    DistributedLocksWebExtension distributedLocksWebExtension(DistributedLocksEndpoint endpoint) {
        return new DistributedLocksWebExtension(endpoint);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(DistributedLocksEndpoint.class)
    @ConditionalOnAvailableEndpoint(endpoint = DistributedLocksEndpoint.class, exposure = EndpointExposure.JMX)
    DistributedLocksJmxExtension distributedLocksJmxExtension(DistributedLocksEndpoint endpoint) {
        return new DistributedLocksJmxExtension(endpoint);
    }

    /** By the id of their servers, the primary one first. */
    private static Map<String, ObservedEngine> engines(
            ListableBeanFactory beanFactory, DistributedLockProperties properties) {
        LockSettings settings =
                beanFactory.getBeanProvider(LockSettings.class).getIfAvailable(() -> LockSettings.DEFAULTS);
        Map<String, ObservedEngine> engines = new LinkedHashMap<>();
        LockEngine primary = NearestBean.find(beanFactory, LockEngine.class);
        if (primary != null) {
            boolean subscribes = isOverRedis(primary) && properties.redis().subscribe();
            engines.put(ObservedEngine.PRIMARY, new ObservedEngine(primary, settings, subscribes));
        }
        for (String id : new TreeSet<>(properties.servers().keySet())) {
            if (!beanFactory.containsBean(LockServers.engineBean(id))) {
                continue; // LockSwitches warns of it.
            }
            LockEngine engine = beanFactory.getBean(LockServers.engineBean(id), LockEngine.class);
            boolean subscribes = isOverRedis(engine)
                    && LockServers.settings(id, properties).redis().subscribe();
            engines.put(id, new ObservedEngine(engine, settings, subscribes));
        }
        return Collections.unmodifiableMap(engines);
    }

    /** Whether messages are expected: how an engine or a store of the application tells of grants is not known. */
    private static boolean isOverRedis(LockEngine engine) {
        return engine instanceof RestartableLockEngine known && known.store() instanceof RedisLockStore;
    }

    /** Health in Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator")
    static class Boot4Health {

        @Bean
        @ConditionalOnMissingBean(name = "distributedLockHealthIndicator")
        @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
                "distributed-lock")
        DistributedLockHealthIndicator distributedLockHealthIndicator(
                ListableBeanFactory beanFactory, DistributedLockProperties properties) {
            return new DistributedLockHealthIndicator(engines(beanFactory, properties));
        }
    }

    /** Health in Spring Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator")
    static class Boot3Health {

        @Bean
        @ConditionalOnMissingBean(name = "distributedLockHealthIndicator")
        @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator("distributed-lock")
        Boot3LockHealthIndicator distributedLockHealthIndicator(
                ListableBeanFactory beanFactory, DistributedLockProperties properties) {
            return new Boot3LockHealthIndicator(engines(beanFactory, properties));
        }
    }
}
