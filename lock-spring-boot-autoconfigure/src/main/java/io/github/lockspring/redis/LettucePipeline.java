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
 * as soon as it would be otherwise. From the first reply on, calls are written in the order in which they came. The
 * connection serves nobody else, and is not used any more once it was lost.
 *
 * <p>Thread-safe.
 */
final class LettucePipeline {

    /** The server answers what came with one write all at once: it is to begin while others are being written. */
    private static final int MOST_TOGETHER = 8;

    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

    private final StatefulConnection<byte[], byte[]> connection;

    private final boolean together;

    private final Queue<Call<?>> waiting = new ConcurrentLinkedQueue<>();

    /** Whether a task to come will send what waits. */
    private final AtomicBoolean planned = new AtomicBoolean();

    private final Runnable sendWaiting = this::sendWaiting;

    /** What serves the connection; known from the first reply on. */
    private volatile @Nullable EventExecutor eventLoop;

    LettucePipeline(StatefulConnection<byte[], byte[]> connection) {
        this.connection = connection;
        this.together = maySendTogether(connection);
    }

    /**
     * Where the driver traces commands, it takes their parent from the thread that hands them over; where it bounds its
     * queue, it refuses several commands as one.
     */
    private static boolean maySendTogether(StatefulConnection<byte[], byte[]> connection) {
        return !connection.getResources().tracing().isEnabled()
                && connection.getOptions().getRequestQueueSize() == Integer.MAX_VALUE;
    }

    /** Calls a script by its digest. The future may be completed on the event loop. */
    CompletableFuture<?> evalSha(ScriptCall call) {
        return send(CommandType.EVALSHA, KeyLayout.bytes(call.script().sha()), call);
    }

    /** Calls a script by its text. The future may be completed on the event loop. */
    CompletableFuture<?> eval(ScriptCall call) {
        return send(CommandType.EVAL, call.script().text(), call);
    }

    private CompletableFuture<?> send(CommandType type, byte[] script, ScriptCall call) {
        return switch (call.script().returnType()) {
            case INTEGER -> send(type, script, call, new IntegerOutput<>(CODEC));
            case VALUE -> send(type, script, call, new ValueOutput<>(CODEC));
            default -> send(type, script, call, new NestedMultiOutput<>(CODEC));
        };
    }

    private <T> CompletableFuture<T> send(
            CommandType type, byte[] script, ScriptCall call, CommandOutput<byte[], byte[], T> output) {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(CODEC)
                .add(script)
                .add(call.keys().length)
                .addKeys(call.keys())
                .addValues(call.arguments());
        Call<T> command = new Call<>(new Command<>(type, output, arguments));
        EventExecutor known = this.eventLoop;
        if (known == null) {
            dispatch(List.of(command));
            return command;
        }
        this.waiting.add(command);
        if (!this.planned.get() && this.planned.compareAndSet(false, true)) {
            sendSoon(known);
        }
        return command;
    }

    /**
     * An event loop that is shut down may take a task and never run it. The driver says then that it is closed; the calls
     * of others hear that from a thread that has none of their guards, nor any other.
     */
    private void sendSoon(EventExecutor known) {
        boolean handedOn = false;
        try {
            known.execute(this.sendWaiting);
            handedOn = !known.isShutdown();
        } catch (RejectedExecutionException ex) {
            handedOn = false;
        } finally {
            if (!handedOn) {
                this.eventLoop = null;
                this.planned.set(false);
                CompletableFuture<Void> unused = CompletableFuture.runAsync(this.sendWaiting);
            }
        }
    }

    private void sendWaiting() {
        this.planned.set(false);
        List<Call<?>> commands = new ArrayList<>();
        for (Call<?> next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
            if (commands.size() == MOST_TOGETHER) {
                dispatch(commands);
                commands = new ArrayList<>();
            }
            commands.add(next);
        }
        if (!commands.isEmpty()) {
            dispatch(commands);
        }
    }

    /** Where parts of it have been shut down, the driver fails before it can say that the connection is closed. */
    private void dispatch(List<Call<?>> commands) {
        try {
            this.connection.dispatch(commands);
        } catch (RedisException | Error ex) {
            commands.forEach(command -> command.completeExceptionally(ex));
        } catch (RuntimeException ex) {
            RedisException closed = new RedisException("Connection is closed", ex);
            commands.forEach(command -> command.completeExceptionally(closed));
        }
    }

    /** Sends what waits, before the connection is closed. */
    void close() {
        sendWaiting();
    }

    /** Called by the thread that has read a reply. */
    private void learnEventLoop() {
        if (this.together && this.eventLoop == null) {
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
