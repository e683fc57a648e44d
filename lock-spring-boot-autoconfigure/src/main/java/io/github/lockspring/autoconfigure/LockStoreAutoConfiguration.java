package io.github.lockspring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the store: Redis wherever there is a connection factory, memory only when asked for.
 *
 * @since 0.1
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"
        })
@Conditional(OnLockingEnabled.class)
@EnableConfigurationProperties(DistributedLockProperties.class)
@Import({
    LockServersConfiguration.class,
    RedisLockStoreConfiguration.class,
    InMemoryLockStoreConfiguration.class,
    RedisSideEffectsConfiguration.class
})
public final class LockStoreAutoConfiguration {

    static final String STORE = "distributedLockStore";

    LockStoreAutoConfiguration() {}
}
