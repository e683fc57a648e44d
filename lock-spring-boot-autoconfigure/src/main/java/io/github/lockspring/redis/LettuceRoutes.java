package io.github.lockspring.redis;

import io.lettuce.core.AbstractRedisAsyncCommands;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.Command;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * A connection over which the driver finds the server for each command: one of the store's own to a cluster, or the
 * factory's to a primary with replicas, where only the factory knows the servers. That one is returned, and taken
 * again, when it was closed or can no longer be used.
 *
 * @param connection the connection for commands
 * @param borrowed the connection to return to the factory; null if the connection is the store's own
 * @param cluster the client of the cluster; null if there is none
 * @param next what happens if it is given up
 * @param commandTimeout longest wait for an answer
 */
record LettuceRoutes(
        StatefulConnection<byte[], byte[]> connection,
        RedisClusterAsyncCommands<byte[], byte[]> commands,
        @Nullable RedisConnection borrowed,
        @Nullable RedisClusterClient cluster,
        Next next,
        Duration commandTimeout)
        implements LettuceSession {

    /** What happens if it is returned and the next one is taken. */
    enum Next {

        /** The same one, until the factory has closed it. */
        SHARED,

        /** One of a pool, which may be the same. */
        POOLED,

        /** Another one. */
        NEW
    }

    static LettuceRoutes toCluster(RedisClusterClient client, Duration commandTimeout) {
        StatefulRedisClusterConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
        return new LettuceRoutes(connection, connection.async(), null, client, Next.NEW, commandTimeout);
    }

    /** The pool from which connections may be taken; null if there is none, or if connections are created or shared. */
    static @Nullable ConnectionPool poolOf(LettuceConnectionFactory factory) {
        boolean pooled = !factory.getShareNativeConnection() && !factory.isClusterAware();
        return pooled ? ConnectionPool.of(factory, 1) : null;
    }

    @SuppressWarnings("unchecked")
    static LettuceRoutes borrowedFrom(LettuceConnectionFactory factory, Duration commandTimeout) {
        ConnectionPool pool = poolOf(factory);
        RedisConnection borrowed = factory.getConnection();
        try {
            AbstractRedisAsyncCommands<byte[], byte[]> commands =
                    (AbstractRedisAsyncCommands<byte[], byte[]>) borrowed.getNativeConnection();
            return new LettuceRoutes(
                    commands.getConnection(), commands, borrowed, null, nextOf(factory), commandTimeout);
        } catch (RuntimeException ex) {
            RedisLink.close(borrowed);
            throw ConnectionPool.isExhausted(ex) ? ConnectionPool.exhausted(ex, pool) : ex;
        }
    }

    private static Next nextOf(LettuceConnectionFactory factory) {
        if (factory.getShareNativeConnection()) {
            return Next.SHARED;
        }
        return factory.getClientConfiguration() instanceof LettucePoolingClientConfiguration ? Next.POOLED : Next.NEW;
    }

    /**
     * Any server may be down: the driver keeps commands to it for later, when they are no longer expected. The time-out
     * is the one of the driver's own command, which it then drops.
     */
    @Override
    public CompletableFuture<List<Object>> send(ScriptCall call, boolean inFull) {
        Command<byte[], byte[], List<Object>> command = LettuceSession.command(call, inFull);
        return this.commands
                .dispatch(command.getType(), command.getOutput(), command.getArgs())
                .toCompletableFuture()
                .orTimeout(this.commandTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public @Nullable String serverOf(ScriptCall call) {
        if (this.cluster == null) {
            return null;
        }
        int slot = ClusterSlotHashUtil.calculateSlot(call.keys()[0]);
        RedisClusterNode node = this.cluster.getPartitions().getPartitionBySlot(slot);
        return node == null ? null : node.getNodeId();
    }

    @Override
    public CompletableFuture<Void> connectTo(Collection<String> servers) {
        if (this.cluster == null) {
            return LettuceSession.super.connectTo(servers);
        }
        StatefulRedisClusterConnection<byte[], byte[]> all =
                (StatefulRedisClusterConnection<byte[], byte[]>) this.connection;
        // by address, as for the server of a slot: by name would be another connection
        CompletableFuture<?>[] connected = this.cluster.getPartitions().stream()
                .filter(node -> servers.contains(node.getNodeId()))
                .map(RedisClusterNode::getUri)
                .map(address -> all.getConnectionAsync(address.getHost(), address.getPort()))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(connected).orTimeout(this.commandTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletableFuture<Void> refresh() {
        return this.cluster == null
                ? LettuceSession.super.refresh()
                : this.cluster
                        .refreshPartitionsAsync()
                        .toCompletableFuture()
                        .copy()
                        .orTimeout(this.commandTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** It is closed when the factory is stopped or its connection reset; servers that are away do not count. */
    @Override
    public boolean isOpen() {
        // the driver reports that it is not open if the server that was reached first is away
        return !isClosed();
    }

    private boolean isClosed() {
        return ((RedisChannelHandler<?, ?>) this.connection).isClosed();
    }

    @Override
    public boolean isOfNoUse(Throwable failure) {
        boolean rejected = CommandFailures.isNotWritten(failure);
        if (rejected && !this.connection.getOptions().isAutoReconnect()) {
            return true;
        }
        // in a cluster, one server does not mean anything for the others, and a shared connection stays the same
        return this.cluster == null
                && this.next != Next.SHARED
                && (rejected || CommandFailures.says(failure, "READONLY"));
    }

    @Override
    public boolean isReplacedWhenSilent() {
        return this.cluster == null && this.next == Next.NEW;
    }

    @Override
    public CompletableFuture<Void> close() {
        if (this.borrowed == null) {
            return LettuceSession.end(this.connection);
        }
        // closed a second time, the driver would warn of that; a pool wants it back all the same
        if (this.next != Next.NEW || !isClosed()) {
            RedisLink.close(this.borrowed);
        }
        return CompletableFuture.completedFuture(null);
    }
}
