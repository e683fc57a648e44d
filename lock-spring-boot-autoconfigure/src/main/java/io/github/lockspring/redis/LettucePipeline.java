package io.github.lockspring.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to one server. By itself the driver writes to the socket once for every command; here one task of its event
 * loop writes whatever has been called for when it comes to that. Nothing is held back: a call that comes alone is written
 * as soon as it would be otherwise. From the first reply on, calls are written in the order in which they came.
 *
 * <p>Thread-safe.
 */
final class LettucePipeline {

    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

    private final StatefulConnection<byte[], byte[]> connection;

    private final Queue<RedisCommand<byte[], byte[], ?>> waiting = new ConcurrentLinkedQueue<>();

    /** Whether a task to come will send what waits. */
    private final AtomicBoolean planned = new AtomicBoolean();

    private final Runnable sendWaiting = this::sendWaiting;

    /** What serves the connection; known from the first reply on, and another one after the driver has reconnected. */
    private volatile @Nullable EventExecutor eventLoop;

    LettucePipeline(StatefulConnection<byte[], byte[]> connection) {
        this.connection = connection;
    }

    boolean isOpen() {
        return this.connection.isOpen();
    }

    /** Calls a script by its digest. The future may be completed on the event loop. */
    CompletableFuture<?> evalSha(ScriptCall call) {
        return switch (call.script().returnType()) {
            case INTEGER -> send(call, new IntegerOutput<>(CODEC));
            case VALUE -> send(call, new ValueOutput<>(CODEC));
            default -> send(call, new NestedMultiOutput<>(CODEC));
        };
    }

    private <T> CompletableFuture<T> send(ScriptCall call, CommandOutput<byte[], byte[], T> output) {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(CODEC)
                .add(call.script().sha())
                .add(call.keys().length)
                .addKeys(call.keys())
                .addValues(call.arguments());
        Call<T> command = new Call<>(new Command<>(CommandType.EVALSHA, output, arguments));
        this.waiting.add(command);
        if (!this.planned.get() && this.planned.compareAndSet(false, true)) {
            sendSoon();
        }
        return command;
    }

    private void sendSoon() {
        EventExecutor known = this.eventLoop;
        if (known != null) {
            try {
                known.execute(this.sendWaiting);
                return;
            } catch (RejectedExecutionException ex) {
                // it was shut down with the driver, which will refuse the commands and say why
            }
        }
        sendWaiting();
    }

    /** Where parts of the driver have been shut down already, it fails before it can say that the connection is closed. */
    private void sendWaiting() {
        this.planned.set(false);
        List<RedisCommand<byte[], byte[], ?>> commands = new ArrayList<>();
        for (var next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
            commands.add(next);
        }
        if (commands.isEmpty()) {
            return;
        }
        try {
            this.connection.dispatch(commands);
        } catch (RuntimeException ex) {
            RedisException closed = new RedisException("Connection is closed", ex);
            commands.forEach(command -> command.completeExceptionally(closed));
        }
    }

    /** Called by whoever has read a reply. */
    private void learnEventLoop() {
        EventExecutor known = this.eventLoop;
        if (known == null || !known.inEventLoop()) {
            this.eventLoop = ofThisThread();
        }
    }

    /** Netty keeps it for its own use. Without it everything works, each command being written by itself. */
    private static @Nullable EventExecutor ofThisThread() {
        try {
            return ThreadExecutorMap.currentExecutor();
        } catch (LinkageError ex) {
            return null;
        }
    }

    /** A command that is answered on the event loop. */
    private final class Call<T> extends AsyncCommand<byte[], byte[], T> {

        Call(RedisCommand<byte[], byte[], T> command) {
            super(command);
        }

        @Override
        protected void completeResult() {
            learnEventLoop();
            super.completeResult();
        }
    }
}
