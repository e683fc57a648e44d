package io.github.lockspring.actuate;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;
import org.springframework.lang.Nullable;

/**
 * Takes locks as texts over JMX: consoles let an operator enter no parameter that is an {@link Object}.
 *
 * @since 0.1
 */
@EndpointJmxExtension(endpoint = DistributedLocksEndpoint.class)
public final class DistributedLocksJmxExtension {

    private final DistributedLocksEndpoint endpoint;

    /**
     * Creates an extension.
     *
     * @param endpoint what it extends
     */
    public DistributedLocksJmxExtension(DistributedLocksEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Returns who has a lock.
     *
     * @param path its name and, unless it has none or that is given by itself, a slash and its key, whose parts are joined
     *     by colons
     * @param key its key, exactly: the path is the name alone then, and an empty text stands for no key
     * @param server the id of its server, the primary one if not given
     * @return its holder, and what waits for it in this process
     */
    @ReadOperation
    public LockDescriptor lock(@Selector String path, @Nullable String key, @Nullable String server) {
        return this.endpoint.lock(path, key, server);
    }

    /**
     * Takes a lock away from its holder.
     *
     * @param path its name and, unless it has none or that is given by itself, a slash and its key, whose parts are joined
     *     by colons
     * @param key its key, exactly: the path is the name alone then, and an empty text stands for no key
     * @param server the id of its server, the primary one if not given
     * @param owner the owner that is to lose it, the present one if not given
     * @param reason why, for the log
     * @return what has come of it
     */
    @DeleteOperation
    public ForcedReleaseDescriptor releaseLock(
            @Selector String path,
            @Nullable String key,
            @Nullable String server,
            @Nullable String owner,
            @Nullable String reason) {
        return this.endpoint.releaseLock(path, key, server, owner, reason);
    }
}
