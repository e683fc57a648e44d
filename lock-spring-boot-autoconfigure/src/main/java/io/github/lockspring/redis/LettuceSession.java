package io.github.lockspring.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A connection through Lettuce, to one server or to all of them. */
sealed interface LettuceSession extends Connector.Session permits LettucePipeline, LettuceSession.Shared {

    /**
     * Calls a script: by its text, or else by its digest. The future may be completed on the event loop; an integer or
     * a text is the only element of its list.
     */
    CompletableFuture<List<Object>> send(ScriptCall call, boolean inFull);

    /** A name for the server that has the keys; null if there is only one. */
    default @Nullable String serverOf(ScriptCall call) {
        return null;
    }

    /** Whether what is sent would be written at once. */
    default boolean isOpen() {
        return true;
    }

    /**
     * Opens a session.
     *
     * @param onLost told when a connection of its own was lost
     */
    @SuppressWarnings("unchecked")
    static LettuceSession open(
            LettuceConnectionFactory factory, Duration commandTimeout, Consumer<LettuceSession> onLost) {
        AbstractRedisClient client = factory.getRequiredNativeClient();
        if (client instanceof RedisClient single
                && factory.getClientConfiguration().getReadFrom().isEmpty()) {
            try {
                return new LettucePipeline(single.connect(ByteArrayCodec.INSTANCE), onLost);
            } catch (IllegalStateException ex) {
                // the client alone does not know where the servers of a static master-replica set are
            }
        }
        RedisConnection connection = factory.getConnection();
        return new Shared(
                connection,
                (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection(),
                client instanceof RedisClusterClient cluster ? cluster : null,
                commandTimeout);
    }

    static Command<byte[], byte[], List<Object>> command(ScriptCall call, boolean inFull) {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add(KeyLayout.bytes(
                        inFull ? call.script().text() : call.script().sha()))
                .add(call.keys().length)
                .addKeys(call.keys())
                .addValues(call.arguments());
        return new Command<>(
                inFull ? CommandType.EVAL : CommandType.EVALSHA,
                new NestedMultiOutput<>(ByteArrayCodec.INSTANCE),
                arguments);
    }

    /** Has a listener told whenever a connection is lost. */
    static void onLost(StatefulConnection<?, ?> connection, Runnable listener) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                listener.run();
            }
        });
    }

    /** The connection that the factory shares, unless told otherwise: to a cluster, or to servers that only it knows. */
    record Shared(
            RedisConnection connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            @Nullable RedisClusterClient cluster,
            Duration commandTimeout)
            implements LettuceSession {

        /** Any server may be down: the driver keeps commands to it for later, when nobody expects them any more. */
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
        public CompletableFuture<Void> close() {
            RedisLink.close(this.connection);
            return CompletableFuture.completedFuture(null);
        }
    }
}
