package io.github.lockspring.autoconfigure;

import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.redis.RedisLockStoreSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/** Makes Redis stores out of properties: that of the primary server, and by definitions of {@link LockServers} others. */
final class RedisLockStores {

    private static final Logger log = LoggerFactory.getLogger(RedisLockStores.class);

    private RedisLockStores() {}

    static RedisLockStore primary(DistributedLockProperties properties, ListableBeanFactory beanFactory) {
        return create(
                "redis",
                properties.toRedisSettings(),
                "key-prefix",
                properties.redis().connectionFactory(),
                beanFactory);
    }

    static RedisLockStore ofServer(String id, DistributedLockProperties properties, ListableBeanFactory beanFactory) {
        DistributedLockProperties.Server server = LockServers.settings(id, properties);
        String property = "servers" + PropertyChecks.mapKey(id);
        return create(
                property,
                properties.toRedisSettings(server),
                server.keyPrefix() != null ? property + ".key-prefix" : "key-prefix",
                server.connectionFactory(),
                beanFactory);
    }

    static ClosingLifecycle lifecycle(RedisLockStore store) {
        return ClosingLifecycle.ofStore(store);
    }

    private static RedisLockStore create(
            String property,
            RedisLockStoreSettings settings,
            String prefixProperty,
            @Nullable String connectionFactory,
            ListableBeanFactory beanFactory) {
        String prefix = settings.keyPrefix();
        if (prefix.contains("{") || prefix.contains("}")) {
            log.warn(
                    "{}.{}={} has braces: a Redis Cluster takes them for a hash tag, and puts every lock into one slot."
                            + " Use a prefix without braces",
                    DistributedLockProperties.PREFIX,
                    prefixProperty,
                    prefix);
        }
        return new RedisLockStore(
                new ConnectionFactoryChoice(beanFactory)
                        .choose(
                                DistributedLockProperties.PREFIX + "." + property + ".connection-factory",
                                connectionFactory),
                settings);
    }
}
