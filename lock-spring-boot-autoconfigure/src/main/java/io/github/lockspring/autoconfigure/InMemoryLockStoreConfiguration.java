package io.github.lockspring.autoconfigure;

import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Locks of one process, when asked for. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "distributed-lock.store", havingValue = "memory")
final class InMemoryLockStoreConfiguration {

    @Bean
    @ConditionalOnMissingBean(LockStore.class)
    InMemoryLockStore distributedLockStore() {
        return new InMemoryLockStore();
    }
}
