package io.github.lockspring.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A connection through Lettuce, to one server or to all of them. */
sealed interface LettuceSession extends Connector.Session permits LettucePipeline, LettuceRoutes {

    /**
     * Calls a script: by its text, or else by its digest. The future may be completed on the event loop; an integer or
     * a text is the only element of its list.
     */
    CompletableFuture<List<Object>> send(ScriptCall call, boolean inFull);

    /** A name for the server that has the keys; null if there is only one. */
    default @Nullable String serverOf(ScriptCall call) {
        return null;
    }

    /**
     * Connects to servers ahead of the first command to them.
     *
     * @param servers their names; a server that is no longer known is ignored
     */
    default CompletableFuture<Void> connectTo(Collection<String> servers) {
        return CompletableFuture.completedFuture(null);
    }

    /** Lets the driver query the servers of the cluster again; done when it has. */
    default CompletableFuture<Void> refresh() {
        return CompletableFuture.completedFuture(null);
    }

    /** Whether it makes sense to send something over it. */
    boolean isOpen();

    /** Whether a failure shows that the connection can no longer be used, and that there may be a better one. */
    boolean isOfNoUse(Throwable failure);

    /** Whether another connection follows if it is given up because there are no answers. */
    boolean isReplacedWhenSilent();

    /**
     * Opens a session.
     *
     * @param threads the threads of the client; null if commands are not batched
     * @param onLost called when a connection to one server was lost
     */
    static LettuceSession open(
            LettuceConnectionFactory factory,
            Duration commandTimeout,
            @Nullable LettuceThreads threads,
            Consumer<LettuceSession> onLost) {
        AbstractRedisClient client = factory.getRequiredNativeClient();
        if (client instanceof RedisClient single
                && factory.getClientConfiguration().getReadFrom().isEmpty()) {
            try {
                return new LettucePipeline(single.connect(ByteArrayCodec.INSTANCE), threads, onLost);
            } catch (IllegalStateException ex) {
                // the client alone does not know where the servers of a static master-replica set are
            }
        }
        return client instanceof RedisClusterClient cluster
                ? LettuceRoutes.toCluster(cluster, commandTimeout)
                : LettuceRoutes.borrowedFrom(factory, commandTimeout);
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

    /** Closes a connection, unless it is closed: the driver would warn of that. */
    static CompletableFuture<Void> end(StatefulConnection<?, ?> connection) {
        boolean over = ((RedisChannelHandler<?, ?>) connection).isClosed();
        return over ? CompletableFuture.completedFuture(null) : connection.closeAsync();
    }

    /** Registers a listener that is called whenever a connection is lost. */
    static void onLost(StatefulConnection<?, ?> connection, Runnable listener) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                listener.run();
            }
        });
    }
}
