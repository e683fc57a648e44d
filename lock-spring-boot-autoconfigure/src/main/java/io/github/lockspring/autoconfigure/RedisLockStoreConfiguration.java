package io.github.lockspring.autoconfigure;

import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.store.LockStore;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
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

    @Bean(LockStoreAutoConfiguration.STORE)
    @ConditionalOnBean(RedisConnectionFactory.class)
    @ConditionalOnMissingBean(LockStore.class)
    RedisLockStore distributedLockStore(DistributedLockProperties properties, ListableBeanFactory beanFactory) {
        return RedisLockStores.primary(properties, beanFactory);
    }

    /** Each context ends its own stores, and not those of its parent. A bean method may declare the interface only. */
    @Bean
    @ConditionalOnBean(value = LockStore.class, search = SearchStrategy.CURRENT)
    @ConditionalOnMissingBean(name = "distributedLockStoreLifecycle", search = SearchStrategy.CURRENT)
    ClosingLifecycle<RedisLockStore> distributedLockStoreLifecycle(ListableBeanFactory beanFactory) {
        return ClosingLifecycle.ofStores(NearestBean.here(beanFactory, LockStore.class).stream()
                .filter(RedisLockStore.class::isInstance)
                .map(RedisLockStore.class::cast)
                .toList());
    }
}
