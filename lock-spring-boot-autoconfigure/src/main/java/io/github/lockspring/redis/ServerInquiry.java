package io.github.lockspring.redis;

import io.github.lockspring.store.StageFailures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Asks the servers of a store what they are; in a cluster, all primaries that the driver knows.
 *
 * <p>Asks through {@code probe.lua}, so that the question takes the way, and has the limits, of every other command of
 * the store. Where scripts are denied {@code INFO}, as in Redis Enterprise, it is called without a script, on a
 * connection of the factory. Thread-safe.
 */
final class ServerInquiry {

    private static final Logger log = LoggerFactory.getLogger(ServerInquiry.class);

    private final RedisLink link;

    private final KeyLayout layout;

    private final RedisConnectionFactory factory;

    private final LongSupplier wallClock;

    private final Executor executor;

    /**
     * What was answered.
     *
     * @param servers what each server that has answered says of itself
     * @param known how many servers there are
     * @param located whether they are known: those of a cluster may not be, yet
     */
    record Answer(List<ServerInfo> servers, int known, boolean located) {

        boolean isComplete() {
            return this.located && this.servers.size() == this.known;
        }

        /** Whether it may be another one a moment later: a replica may be about to become a primary. */
        boolean isProvisional() {
            return !isComplete()
                    || this.servers.stream().anyMatch(server -> server.isReplica() || server.writeRefusal() != null);
        }
    }

    /**
     * Creates an inquiry; asks nothing.
     *
     * @param wallClock the time in ms
     * @param executor may block, and does what a thread of the driver must not do
     */
    ServerInquiry(
            RedisLink link,
            KeyLayout layout,
            RedisConnectionFactory factory,
            LongSupplier wallClock,
            Executor executor) {
        this.link = link;
        this.layout = layout;
        this.factory = factory;
        this.wallClock = wallClock;
        this.executor = executor;
    }

    /** Fails if no server can be asked; a server of a cluster that does not answer is missing in the answer. */
    CompletableFuture<Answer> ask() {
        ScriptCall call = call(0);
        return ask(call).thenComposeAsync(info -> answered(call, info), this.executor);
    }

    private CompletableFuture<Answer> answered(ScriptCall call, ServerInfo info) {
        if (!this.link.clustered()) {
            ServerInfo complete = info.refusal() == null ? info : askWithoutScript(info);
            Answer alone = new Answer(List.of(complete), 1, true);
            // a node of a cluster that the driver takes for a single server refuses what other nodes have
            return complete.isClustered()
                    ? ask(call(ClusterSlotHashUtil.SLOT_COUNT - 1)).thenApply(last -> alone)
                    : CompletableFuture.completedFuture(alone);
        }
        String name = this.link.serverOf(call);
        if (name == null) {
            return CompletableFuture.completedFuture(new Answer(List.of(info), 1, false));
        }
        Map<String, CompletableFuture<Optional<ServerInfo>>> asked = new LinkedHashMap<>();
        asked.put(name, CompletableFuture.completedFuture(Optional.of(info)));
        servers().forEach((server, each) -> asked.computeIfAbsent(server, unasked -> askIfPossible(server, each)));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(all -> new Answer(
                        asked.values().stream()
                                .flatMap(answer -> answer.join().stream())
                                .toList(),
                        asked.size(),
                        true));
    }

    private CompletableFuture<Optional<ServerInfo>> askIfPossible(String server, ScriptCall call) {
        return ask(call).handle((info, failure) -> {
            if (failure != null) {
                log.debug("Server {} of the cluster could not be asked", server, StageFailures.unwrap(failure));
            }
            return Optional.ofNullable(info);
        });
    }

    private ScriptCall call(int slot) {
        return new ScriptCall(LockScript.PROBE, this.layout.keyOfSlot(slot));
    }

    private CompletableFuture<ServerInfo> ask(ScriptCall call) {
        long sent = System.nanoTime();
        return this.link
                .run(call, RedisLink.Lane.WANTING)
                .thenApply(reply -> ServerInfo.of(reply.text(0), this.wallClock.getAsLong(), System.nanoTime() - sent));
    }

    /** For each server of the cluster a call that leads to it. */
    private Map<String, ScriptCall> servers() {
        Map<String, ScriptCall> servers = new LinkedHashMap<>();
        for (int slot = 0; slot < ClusterSlotHashUtil.SLOT_COUNT; slot++) {
            ScriptCall call = call(slot);
            String name = this.link.serverOf(call);
            if (name != null) {
                servers.putIfAbsent(name, call);
            }
        }
        return servers;
    }

    private ServerInfo askWithoutScript(ServerInfo info) {
        String refusal = Objects.toString(info.refusal());
        log.debug("Redis does not permit INFO in scripts: {}", refusal);
        if (ServerRefusal.ofReply(ServerRefusal.reply(refusal)) == ServerRefusal.PERMISSION) {
            return info;
        }
        try (RedisConnection connection = this.factory.getConnection()) {
            Properties fields = connection.serverCommands().info();
            return fields == null ? info : info.with(fields);
        } catch (RuntimeException ex) {
            log.debug("Redis does not permit INFO", ex);
            return info;
        }
    }
}
