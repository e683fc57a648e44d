package io.github.lockspring.autoconfigure;

import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.store.LockStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Locks in Redis, through a connection factory of the application. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(RedisConnectionFactory.class)
@ConditionalOnProperty(name = "distributed-lock.store", havingValue = "redis", matchIfMissing = true)
@ImportRuntimeHints(RedisScriptHints.class)
final class RedisLockStoreConfiguration {

    private static final Logger log = LoggerFactory.getLogger(RedisLockStoreConfiguration.class);

    @Bean
    @ConditionalOnBean(RedisConnectionFactory.class)
    @ConditionalOnMissingBean(LockStore.class)
    RedisLockStore distributedLockStore(
            DistributedLockProperties properties,
            ObjectProvider<RedisConnectionFactory> primary,
            ListableBeanFactory beanFactory) {
        if (properties.keyPrefix().contains("{") || properties.keyPrefix().contains("}")) {
            log.warn(
                    "distributed-lock.key-prefix={} has braces: a Redis Cluster takes them for a hash tag, and puts every"
                            + " lock into one slot. Use a prefix without braces",
                    properties.keyPrefix());
        }
        RedisConnectionFactory connectionFactory = new ConnectionFactoryChoice(primary, beanFactory)
                .choose(properties.redis().connectionFactory());
        return new RedisLockStore(connectionFactory, properties.toRedisSettings());
    }

    @Bean
    @ConditionalOnBean(RedisLockStore.class)
    @ConditionalOnMissingBean(name = "distributedLockStoreLifecycle")
    ClosingLifecycle distributedLockStoreLifecycle(RedisLockStore store) {
        return ClosingLifecycle.ofStore(store);
    }
}
