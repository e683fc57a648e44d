package io.github.lockspring.redis;

import org.jspecify.annotations.Nullable;

/**
 * What messages of a {@link RedisLockStore} say about its server beside the address: which one it is, and where to
 * correct what is wrong with its connections.
 *
 * @param id the id of a further server; {@code null} for the only or primary one
 * @param connectionFactory what the connection factory is, and which property chooses it; {@code null} if it is that of
 *     Spring Boot, which properties under {@code spring.data.redis} configure
 * @since 0.1
 */
public record RedisServerLabel(
        @Nullable String id, @Nullable String connectionFactory) {

    /** The primary server, over the connection factory of Spring Boot. */
    public static final RedisServerLabel DEFAULT = new RedisServerLabel(null, null);

    String locks() {
        return this.id == null ? "Locks" : "Locks of server '" + this.id + "'";
    }
}
