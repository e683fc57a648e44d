package io.github.lockspring.autoconfigure;

import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.redis.RedisLockStoreSettings;
import io.github.lockspring.redis.RedisServerLabel;
import io.github.lockspring.store.LockStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Makes Redis stores out of properties: that of the primary server, and by definitions of {@link LockServers} others.
 */
final class RedisLockStores {

    private static final Logger log = LoggerFactory.getLogger(RedisLockStores.class);

    private RedisLockStores() {}

    static RedisLockStore primary(DistributedLockProperties properties, ListableBeanFactory beanFactory) {
        return create(
                null,
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
                id,
                property,
                properties.toRedisSettings(server),
                server.keyPrefix() != null ? property + ".key-prefix" : "key-prefix",
                server.connectionFactory(),
                beanFactory);
    }

    /** A store of the application, which may be of any kind, has a life cycle of its own. */
    static ClosingLifecycle<RedisLockStore> lifecycle(LockStore store) {
        return ClosingLifecycle.ofStores(store instanceof RedisLockStore redis ? List.of(redis) : List.of());
    }

    private static RedisLockStore create(
            @Nullable String id,
            String server,
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
        String property = DistributedLockProperties.PREFIX + "." + server + ".connection-factory";
        ConnectionFactoryChoice choice = new ConnectionFactoryChoice(beanFactory);
        RedisConnectionFactory chosen = choice.choose(property, connectionFactory);
        String described = connectionFactory != null
                ? "the bean '" + connectionFactory + "', which '" + property + "' names"
                : "the primary or only RedisConnectionFactory bean, unless '" + property + "' names another one";
        return new RedisLockStore(
                chosen, settings, new RedisServerLabel(id, choice.isOfSpringBoot(chosen) ? null : described));
    }
}
