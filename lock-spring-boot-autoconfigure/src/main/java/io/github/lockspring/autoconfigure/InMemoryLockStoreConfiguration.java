package io.github.lockspring.autoconfigure;

import io.github.lockspring.memory.InMemoryLockStore;
import io.github.lockspring.store.LockStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Locks of one process, when asked for. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "distributed-lock.store", havingValue = "memory")
final class InMemoryLockStoreConfiguration {

    private static final Logger log = LoggerFactory.getLogger(InMemoryLockStoreConfiguration.class);

    @Bean(LockStoreAutoConfiguration.STORE)
    @ConditionalOnMissingBean(LockStore.class)
    InMemoryLockStore distributedLockStore(Environment environment) {
        if (DistributedLockProperties.store(environment) == StoreType.MEMORY) {
            log.warn("distributed-lock.store=memory: locks exclude the threads of this process only, not other"
                    + " processes. Remove the property if the application runs more than once");
        } // Otherwise, LockSwitches tells that the property comes too late.
        return new InMemoryLockStore();
    }
}
