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
 * A connection of the store's own, to one server, created as the factory creates its own, but never from its pool: it
 * can be discarded when it was lost or is silent, so that the driver neither keeps nor repeats commands, nor waits
 * before it connects again. It is not shared, and no longer used once it was lost.
 *
 * <p>The driver writes to the socket once for every command; here, if commands are batched, one task of its event loop
 * writes all calls that are waiting when it runs. Calls are not delayed: a single call is written as soon as it would
 * be otherwise.
 *
 * <p>The calls of one thread are written in their order, except around the first reply, with which batching begins, and
 * around the end of the connection. A call that was made on an earlier connection may still be executed after one that
 * was made on this: calls on two connections are not ordered.
 *
 * <p>Thread-safe.
 */
final class LettucePipeline implements LettuceSession {

    /** The server answers all commands of one write together: it should begin while others are being written. */
    private static final int MOST_TOGETHER = 8;

    /** Messages of the driver when it no longer accepts commands on this connection. */
    static final String CLOSED = "Connection is closed";

    private final StatefulConnection<byte[], byte[]> connection;

    private final BlockingQueue<AsyncCommand<byte[], byte[], List<Object>>> waiting = new LinkedTransferQueue<>();

    /** Whether a scheduled task will send the waiting calls. */
    private final AtomicBoolean planned = new AtomicBoolean();

    /** Finds the event loop from the thread that reads the reply; null if each command is written separately. */
    private final @Nullable LettuceThreads threads;

    /** Whether the first reply is still to come. */
    private final AtomicBoolean unknown = new AtomicBoolean(true);

    /** The event loop of the connection, from the first reply on; null if commands are not batched. */
    private volatile @Nullable EventExecutor eventLoop;

    /**
     * Creates a pipeline. Commands are not batched if the driver traces them, because it takes their parent from the
     * calling thread, nor if it bounds its queue, because it rejects several commands as one.
     *
     * @param threads the threads of the client; null if commands are not batched
     * @param onLost called when the connection was lost
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
     * An event loop that is shut down may accept a task and never run it. Then the driver reports that it is closed;
     * other calls get that from a thread that holds no guard.
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

    /** The driver itself reports that the connection was lost. */
    @Override
    public boolean isOfNoUse(Throwable failure) {
        return CommandFailures.says(failure, "READONLY");
    }

    @Override
    public boolean isReplacedWhenSilent() {
        return true;
    }

    /** Sends the waiting calls. */
    @Override
    public CompletableFuture<Void> close() {
        sendWaiting();
        return LettuceSession.end(this.connection);
    }
}
