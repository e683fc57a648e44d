package io.github.lockspring.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A connection through Lettuce, to one server or to all of them. */
sealed interface LettuceSession {

    /** The future may be completed on the event loop. */
    CompletionStage<?> send(ScriptCall call, boolean inFull);

    /** A name for the server that has the keys; null if there is only one. */
    @Nullable String serverOf(ScriptCall call);

    /** Whether the connection serves nobody else, so that it can be thrown away. */
    boolean isOwn();

    /** Whether what is sent would be written at once. */
    boolean isOpen();

    void close();

    /**
     * Opens a session.
     *
     * @param onLost told when a connection of its own was lost
     */
    static LettuceSession open(
            LettuceConnectionFactory factory, Duration commandTimeout, Consumer<LettuceSession> onLost) {
        AbstractRedisClient client = factory.getRequiredNativeClient();
        if (client instanceof RedisClient single
                && factory.getClientConfiguration().getReadFrom().isEmpty()) {
            try {
                return Own.over(single.connect(ByteArrayCodec.INSTANCE), onLost);
            } catch (IllegalStateException ex) {
                // the client alone does not know where the servers of a static master-replica set are
                return Shared.open(factory, commandTimeout, null);
            }
        }
        return Shared.open(factory, commandTimeout, client instanceof RedisClusterClient cluster ? cluster : null);
    }

    /**
     * A connection of the store's own, made as the factory makes its own, but never from its pool: it can be thrown away
     * when it was lost or is silent, so that the driver neither keeps nor repeats commands, nor waits before it
     * connects again.
     */
    record Own(StatefulRedisConnection<byte[], byte[]> connection, LettucePipeline pipeline) implements LettuceSession {

        static Own over(StatefulRedisConnection<byte[], byte[]> connection, Consumer<LettuceSession> onLost) {
            Own session = new Own(connection, new LettucePipeline(connection));
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                    session.end();
                    onLost.accept(session);
                }
            });
            return session;
        }

        @Override
        public CompletionStage<?> send(ScriptCall call, boolean inFull) {
            return inFull ? this.pipeline.eval(call) : this.pipeline.evalSha(call);
        }

        @Override
        public @Nullable String serverOf(ScriptCall call) {
            return null;
        }

        @Override
        public boolean isOwn() {
            return true;
        }

        @Override
        public boolean isOpen() {
            return this.connection.isOpen();
        }

        @Override
        public void close() {
            this.pipeline.close();
            end();
        }

        private void end() {
            if (!((RedisChannelHandler<?, ?>) this.connection).isClosed()) {
                CompletableFuture<Void> unused = this.connection.closeAsync();
            }
        }
    }

    /** The connection that the factory shares, unless told otherwise: to a cluster, or to servers that only it knows. */
    record Shared(
            RedisConnection connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            IntFunction<@Nullable String> servers,
            Duration commandTimeout)
            implements LettuceSession {

        @SuppressWarnings("unchecked")
        static Shared open(
                LettuceConnectionFactory factory, Duration commandTimeout, @Nullable RedisClusterClient cluster) {
            RedisConnection connection = factory.getConnection();
            return new Shared(
                    connection,
                    (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection(),
                    slot -> cluster == null
                            ? null
                            : serverOf(cluster.getPartitions().getPartitionBySlot(slot)),
                    commandTimeout);
        }

        private static @Nullable String serverOf(@Nullable RedisClusterNode node) {
            return node == null ? null : node.getNodeId();
        }

        /** Any server may be down: the driver keeps commands to it for later, when nobody expects them any more. */
        @Override
        public CompletionStage<?> send(ScriptCall call, boolean inFull) {
            ScriptOutputType type = switch (call.script().returnType()) {
                case INTEGER -> ScriptOutputType.INTEGER;
                case VALUE -> ScriptOutputType.VALUE;
                default -> ScriptOutputType.MULTI;
            };
            CompletableFuture<?> sent = (inFull
                            ? this.commands.eval(call.script().text(), type, call.keys(), call.arguments())
                            : this.commands.evalsha(call.script().sha(), type, call.keys(), call.arguments()))
                    .toCompletableFuture();
            return sent.orTimeout(this.commandTimeout.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public @Nullable String serverOf(ScriptCall call) {
            return this.servers.apply(HashSlots.of(call.keys()[0]));
        }

        @Override
        public boolean isOwn() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            Connections.close(this.connection);
        }
    }
}
