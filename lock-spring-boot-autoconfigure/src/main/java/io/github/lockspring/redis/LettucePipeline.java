package io.github.lockspring.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the store's own, to one server, made as the factory makes its own, but never from its pool: it can be
 * thrown away when it was lost or is silent, so that the driver neither keeps nor repeats commands, nor waits before it
 * connects again. It serves nobody else, and is not used any more once it was lost.
 *
 * <p>By itself the driver writes to the socket once for every command; here, if commands are batched, one task of its
 * event loop writes whatever has been called for when it comes to that. Nothing is held back: a call that comes alone
 * is written as soon as it would be otherwise.
 *
 * <p>The calls of one thread are written in their order, but for those around the first reply, with which batching
 * begins, and those around the end of the connection. A call that was made on an earlier connection may still be
 * executed after one that was made on this: nothing here orders calls over two connections.
 *
 * <p>Thread-safe.
 */
final class LettucePipeline implements LettuceSession {

    /** The server answers what came with one write all at once: it is to begin while others are being written. */
    private static final int MOST_TOGETHER = 8;

    /** What the driver says when it will not take commands on this connection any more. */
    static final String CLOSED = "Connection is closed";

    private final StatefulConnection<byte[], byte[]> connection;

    private final BlockingQueue<AsyncCommand<byte[], byte[], List<Object>>> waiting = new LinkedTransferQueue<>();

    /** Whether a task to come will send what waits. */
    private final AtomicBoolean planned = new AtomicBoolean();

    /** Tells the event loop from the thread that reads the reply; null if each command is written by itself. */
    private final @Nullable LettuceThreads threads;

    /** Whether the first reply is still to come. */
    private final AtomicBoolean unknown = new AtomicBoolean(true);

    /** What serves the connection, from the first reply on; null where commands are not batched. */
    private volatile @Nullable EventExecutor eventLoop;

    /**
     * Creates a pipeline. Commands are not batched where the driver traces them, since it takes their parent from the
     * thread that hands them over, nor where it bounds its queue, since it refuses several commands as one.
     *
     * @param threads those of the client; null if commands are not to be batched
     * @param onLost told when the connection was lost
     */
    LettucePipeline(
            StatefulConnection<byte[], byte[]> connection,
            @Nullable LettuceThreads threads,
            Consumer<LettuceSession> onLost) {
        this.connection = connection;
        boolean batchable = !connection.getResources().tracing().isEnabled()
                && connection.getOptions().getRequestQueueSize() == Integer.MAX_VALUE;
        this.threads = batchable ? threads : null;
        LettuceSession.onLost(connection, () -> {
            CompletableFuture<Void> unused = LettuceSession.end(connection);
            onLost.accept(this);
        });
    }

    @Override
    public CompletableFuture<List<Object>> send(ScriptCall call, boolean inFull) {
        AsyncCommand<byte[], byte[], List<Object>> command = new AsyncCommand<>(LettuceSession.command(call, inFull));
        EventExecutor known = this.eventLoop;
        if (known == null) {
            learnEventLoop(command);
            dispatch(List.of(command));
            return command;
        }
        this.waiting.add(command);
        if (!this.planned.get() && this.planned.compareAndSet(false, true)) {
            sendSoon(known);
        }
        return command;
    }

    private void learnEventLoop(CompletableFuture<?> command) {
        LettuceThreads those = this.threads;
        if (those != null && this.unknown.get()) {
            CompletableFuture<Void> unused = command.thenRun(() -> {
                if (this.unknown.getAndSet(false)) {
                    this.eventLoop = those.executorOf(Thread.currentThread());
                }
            });
        }
    }

    /**
     * An event loop that is shut down may take a task and never run it. The driver says then that it is closed; the
     * calls of others hear that from a thread that has none of their guards, nor any other.
     */
    private void sendSoon(EventExecutor known) {
        boolean handedOn = false;
        try {
            known.execute(this::sendWaiting);
            handedOn = !known.isShutdown();
        } catch (RejectedExecutionException ex) {
            // it is shut down
        } finally {
            if (!handedOn) {
                this.eventLoop = null;
                this.planned.set(false);
                CompletableFuture<Void> unused = CompletableFuture.runAsync(this::sendWaiting);
            }
        }
    }

    private void sendWaiting() {
        this.planned.set(false);
        List<AsyncCommand<byte[], byte[], List<Object>>> commands = new ArrayList<>();
        while (this.waiting.drainTo(commands, MOST_TOGETHER) > 0) {
            dispatch(commands);
            commands = new ArrayList<>();
        }
    }

    /** Where parts of it have been shut down, the driver fails before it can say that the connection is closed. */
    private void dispatch(List<AsyncCommand<byte[], byte[], List<Object>>> commands) {
        try {
            this.connection.dispatch(commands);
        } catch (RuntimeException | Error ex) {
            Throwable cause = ex instanceof RedisException || ex instanceof Error ? ex : new RedisException(CLOSED, ex);
            commands.forEach(command -> command.completeExceptionally(cause));
        }
    }

    @Override
    public boolean isOpen() {
        return this.connection.isOpen();
    }

    /** That the connection was lost, the driver tells by itself. */
    @Override
    public boolean isOfNoUse(Throwable failure) {
        return CommandFailures.says(failure, "READONLY");
    }

    @Override
    public boolean isReplacedWhenSilent() {
        return true;
    }

    /** Sends what waits. */
    @Override
    public CompletableFuture<Void> close() {
        sendWaiting();
        return LettuceSession.end(this.connection);
    }
}
