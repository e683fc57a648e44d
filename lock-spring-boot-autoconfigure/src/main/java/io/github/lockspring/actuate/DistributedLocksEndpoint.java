package io.github.lockspring.actuate;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
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
 * null} was not given. What is behind the name in a path is a key, which may contain slashes: over the web an array of
 * segments, over JMX a text. Its type is {@link Object} because Spring Boot would split a text at commas otherwise.
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
     * Returns who has a lock without key.
     *
     * @param name its name
     * @param server the id of its server, the primary one if not given
     * @return its holder, and what waits for it in this process
     */
    @ReadOperation
    public LockDescriptor lock(@Selector String name, @Nullable String server) {
        return describe(name, null, server);
    }

    /**
     * Returns who has a lock.
     *
     * @param name its name
     * @param key its key; the parts of a key are joined by colons
     * @param server the id of its server, the primary one if not given
     * @return its holder, and what waits for it in this process
     */
    @ReadOperation
    public LockDescriptor lockWithKey(
            @Selector String name, @Selector(match = Match.ALL_REMAINING) Object key, @Nullable String server) {
        return describe(name, key, server);
    }

    private LockDescriptor describe(String name, @Nullable Object key, @Nullable String server) {
        ObservedEngine engine = engine(server);
        LockSelection selection = new LockSelection(engine, name, key);
        return LockDescriptor.of(engine, selection.lock(), selection.holder());
    }

    /**
     * Takes a lock without key away from its holder.
     *
     * @param name its name
     * @param server the id of its server, the primary one if not given
     * @param owner the owner that is to lose it, the present one if not given
     * @param reason why, for the log
     * @return what has come of it
     */
    @DeleteOperation
    public ForcedReleaseDescriptor releaseLock(
            @Selector String name, @Nullable String server, @Nullable String owner, @Nullable String reason) {
        return release(null, name, null, server, owner, reason);
    }

    /**
     * Takes a lock away from its holder.
     *
     * @param name its name
     * @param key its key; the parts of a key are joined by colons
     * @param server the id of its server, the primary one if not given
     * @param owner the owner that is to lose it, the present one if not given
     * @param reason why, for the log
     * @return what has come of it
     */
    @DeleteOperation
    public ForcedReleaseDescriptor releaseLockWithKey(
            @Selector String name,
            @Selector(match = Match.ALL_REMAINING) Object key,
            @Nullable String server,
            @Nullable String owner,
            @Nullable String reason) {
        return release(null, name, key, server, owner, reason);
    }

    ForcedReleaseDescriptor release(
            @Nullable Principal principal,
            String name,
            @Nullable Object key,
            @Nullable String server,
            @Nullable String owner,
            @Nullable String reason) {
        this.forcedReleases.checkEnabled();
        ObservedEngine engine = engine(server);
        LockSelection selection = new LockSelection(engine, name, key);
        LockHolder holder = selection.holder();
        LockName lock = selection.lock();
        if (holder == null) {
            return ForcedReleaseDescriptor.notHeld(engine.shown(lock), null);
        }
        return this.forcedReleases.release(
                engine,
                lock,
                owner != null ? owner : holder.owner(),
                principal != null ? principal.getName() : null,
                reason);
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
