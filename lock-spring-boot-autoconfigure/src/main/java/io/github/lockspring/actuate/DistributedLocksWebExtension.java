package io.github.lockspring.actuate;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.lang.Nullable;

/**
 * Knows who takes a lock away over the web. Not part of the endpoint itself: over JMX, an operator would have to pass
 * what Spring Boot passes here.
 *
 * @since 0.1
 */
@EndpointWebExtension(endpoint = DistributedLocksEndpoint.class)
public final class DistributedLocksWebExtension {

    private final DistributedLocksEndpoint endpoint;

    /**
     * Creates an extension.
     *
     * @param endpoint what it extends
     */
    public DistributedLocksWebExtension(DistributedLocksEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Takes a lock away from its holder.
     *
     * @param context who does this
     * @param path its name and, unless it has none or that is given by itself, its key, whose parts are joined by colons
     * @param key its key, exactly: the path is the name alone then, and an empty text stands for no key
     * @param server the id of its server, the primary one if not given
     * @param owner the owner that is to lose it, the present one if not given
     * @param reason why, for the log
     * @return what has come of it
     */
    @DeleteOperation
    public ForcedReleaseDescriptor releaseLock(
            SecurityContext context,
            @Selector(match = Match.ALL_REMAINING) Object path,
            @Nullable String key,
            @Nullable String server,
            @Nullable String owner,
            @Nullable String reason) {
        return this.endpoint.release(context.getPrincipal(), path, key, server, owner, reason);
    }
}
