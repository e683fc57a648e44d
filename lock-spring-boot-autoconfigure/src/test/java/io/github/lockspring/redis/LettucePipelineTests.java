package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LettucePipelineTests {

    private static final int THREADS = 8;

    private static final int CALLS = 500;

    private final EventExecutor eventLoop = new DefaultEventExecutor();

    /** What was written, one element for each time. */
    private final LinkedBlockingQueue<List<RedisCommand<byte[], byte[], ?>>> writes = new LinkedBlockingQueue<>();

    @SuppressWarnings("unchecked")
    private final StatefulConnection<byte[], byte[]> connection = mock(StatefulConnection.class);

    private final LettucePipeline pipeline = new LettucePipeline(this.connection);

    @BeforeEach
    void recordWrites() {
        given(this.connection.dispatch(anyCollection())).willAnswer(invocation -> {
            Collection<RedisCommand<byte[], byte[], ?>> commands = invocation.getArgument(0);
            this.writes.add(List.copyOf(commands));
            return commands;
        });
    }

    @AfterEach
    void stop() {
        this.eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void callsBeforeTheFirstReplyAreWrittenAtOnce() {
        CompletableFuture<?> first = call("first");
        CompletableFuture<?> second = call("second");

        assertThat(this.writes).containsExactly(List.of(command(first)), List.of(command(second)));
    }

    @Test
    void callsThatComeWhileTheEventLoopIsBusyAreWrittenTogetherAndInTheirOrder() throws InterruptedException {
        afterAReply();
        CountDownLatch busy = occupy();

        CompletableFuture<?> first = call("first");
        CompletableFuture<?> second = call("second");
        CompletableFuture<?> third = call("third");

        assertThat(this.writes).isEmpty();
        busy.countDown();
        assertThat(nextWrite()).containsExactly(command(first), command(second), command(third));
    }

    @Test
    void loneCallIsWrittenByTheEventLoopWithoutDelay() throws InterruptedException {
        afterAReply();

        CompletableFuture<?> alone = call("alone");

        assertThat(nextWrite()).containsExactly(command(alone));
    }

    @Test
    void noCallOfManyThreadsIsLeftBehindOrWrittenTwice() throws InterruptedException {
        afterAReply();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < CALLS; j++) {
                    call("any");
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        List<RedisCommand<byte[], byte[], ?>> written = new ArrayList<>();
        while (written.size() < THREADS * CALLS) {
            written.addAll(nextWrite());
        }
        assertThat(written).hasSize(THREADS * CALLS).doesNotHaveDuplicates();
        assertThat(this.writes).isEmpty();
    }

    @Test
    void callsThatTheDriverCannotTakeAnyMoreFoundTheConnectionClosed() throws InterruptedException {
        afterAReply();
        given(this.connection.dispatch(anyCollection())).willThrow(new IllegalStateException("stopped"));
        CountDownLatch busy = occupy();

        CompletableFuture<?> first = call("first");
        CompletableFuture<?> second = call("second");
        busy.countDown();

        for (CompletableFuture<?> call : List.of(first, second)) {
            Throwable failure = catchThrowable(() -> call.get(10, TimeUnit.SECONDS));
            assertThat(CommandFailures.isClosedConnection(failure)).isTrue();
            assertThat(failure).hasRootCauseMessage("stopped");
        }
    }

    @Test
    void callsAfterTheEventLoopWasShutDownAreHandedToTheDriver() throws InterruptedException {
        afterAReply();
        this.eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(this.eventLoop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<?> late = call("late");

        assertThat(this.writes).containsExactly(List.of(command(late)));
    }

    /** After reconnecting, another event loop may serve the connection. */
    @Test
    void callsFollowTheConnectionToAnotherEventLoop() throws InterruptedException {
        afterAReply();
        EventExecutor other = new DefaultEventExecutor();
        try {
            CompletableFuture<?> call = call("answered elsewhere");
            nextWrite();
            other.submit(() -> complete(call)).syncUninterruptibly();
            CountDownLatch busy = occupy();

            CompletableFuture<?> next = call("next");

            assertThat(nextWrite()).containsExactly(command(next));
            busy.countDown();
        } finally {
            other.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private CompletableFuture<?> call(String key) {
        return this.pipeline.evalSha(new ScriptCall(LockScript.RELEASE, new byte[][] {KeyLayout.bytes(key)}));
    }

    /** The first reply tells which event loop serves the connection. */
    private void afterAReply() throws InterruptedException {
        CompletableFuture<?> first = call("first of all");
        nextWrite();
        this.eventLoop.submit(() -> complete(first)).syncUninterruptibly();
    }

    private static void complete(CompletableFuture<?> call) {
        command(call).complete();
    }

    private CountDownLatch occupy() {
        CountDownLatch busy = new CountDownLatch(1);
        this.eventLoop.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        });
        return busy;
    }

    private List<RedisCommand<byte[], byte[], ?>> nextWrite() throws InterruptedException {
        List<RedisCommand<byte[], byte[], ?>> write = this.writes.poll(10, TimeUnit.SECONDS);
        assertThat(write).as("a write").isNotNull();
        return write;
    }

    @SuppressWarnings("unchecked")
    private static RedisCommand<byte[], byte[], ?> command(CompletableFuture<?> call) {
        return (RedisCommand<byte[], byte[], ?>) call;
    }
}
