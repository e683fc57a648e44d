package io.github.lockspring.actuate;

import io.github.lockspring.LockHolder;
import java.security.Principal;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.lang.Nullable;

/**
 * Shows the locks that this process holds and waits for, tells the holder of one lock, and takes a lock away from its
 * holder where that is enabled.
 *
 * <p>Optional parameters have Spring's own annotation, which all lines of Spring Boot understand; one that is {@code
 * null} was not given. A lock is a path of its name and its key, which may contain slashes: over the web an array of
 * segments, otherwise a text. It is one parameter because WebFlux passes all segments as remaining ones, and of type
 * {@link Object} because Spring Boot would split a text at commas otherwise.
 *
 * @since 0.1
 */
@Endpoint(id = "distributedlocks")
public final class DistributedLocksEndpoint {

    private final Map<String, ObservedEngine> engines;

    private final ForcedReleases forcedReleases;

    /**
     * Creates an endpoint.
     *
     * @param engines engines by the id of their servers, {@link ObservedEngine#PRIMARY} for the primary one
     * @param forcedReleases takes locks away
     */
    public DistributedLocksEndpoint(Map<String, ObservedEngine> engines, ForcedReleases forcedReleases) {
        this.engines = engines;
        this.forcedReleases = forcedReleases;
    }

    /**
     * Returns all locks that this process holds and waits for.
     *
     * @param stacks whether the present stack of each holding thread is shown
     * @return the locks of all servers
     */
    @ReadOperation
    public LocksDescriptor locks(@Nullable Boolean stacks) {
        return LocksDescriptor.of(this.engines, Boolean.TRUE.equals(stacks));
    }

    /**
     * Returns who has a lock.
     *
     * @param path its name and, unless it has none or that is given by itself, its key, whose parts are joined by colons
     * @param key its key, exactly: the path is the name alone then, and an empty text stands for no key
     * @param server the id of its server, the primary one if not given
     * @return its holder, and what waits for it in this process
     */
    @ReadOperation
    public LockDescriptor lock(
            @Selector(match = Match.ALL_REMAINING) Object path, @Nullable String key, @Nullable String server) {
        ObservedEngine engine = engine(server);
        LockSelection selection = new LockSelection(engine, path, key);
        return LockDescriptor.of(engine, selection.lock(), selection.holder());
    }

    /**
     * Takes a lock away from its holder.
     *
     * @param path its name and, unless it has none or that is given by itself, its key, whose parts are joined by colons
     * @param key its key, exactly: the path is the name alone then, and an empty text stands for no key
     * @param server the id of its server, the primary one if not given
     * @param owner the owner that is to lose it, the present one if not given
     * @param reason why, for the log
     * @return what has come of it
     */
    @DeleteOperation
    public ForcedReleaseDescriptor releaseLock(
            @Selector(match = Match.ALL_REMAINING) Object path,
            @Nullable String key,
            @Nullable String server,
            @Nullable String owner,
            @Nullable String reason) {
        return release(null, path, key, server, owner, reason);
    }

    ForcedReleaseDescriptor release(
            @Nullable Principal principal,
            Object path,
            @Nullable String key,
            @Nullable String server,
            @Nullable String owner,
            @Nullable String reason) {
        this.forcedReleases.checkEnabled();
        ObservedEngine engine = engine(server);
        LockSelection selection = new LockSelection(engine, path, key);
        LockHolder holder = selection.holder();
        if (holder == null) {
            return ForcedReleaseDescriptor.notHeld(engine.shown(selection.lock()), null);
        }
        if (owner != null && !owner.equals(holder.owner())) {
            return ForcedReleaseDescriptor.notHeld(engine.shown(selection.lock()), owner);
        }
        return this.forcedReleases.release(
                engine, selection.lock(), holder, principal != null ? principal.getName() : null, reason);
    }

    private ObservedEngine engine(@Nullable String server) {
        ObservedEngine engine = this.engines.get(server != null ? server : ObservedEngine.PRIMARY);
        if (engine == null) {
            throw new InvalidEndpointRequestException(
                    "There is no lock engine for server '" + server + "': there are " + this.engines.keySet(),
                    "There is no such server");
        }
        return engine;
    }
}
