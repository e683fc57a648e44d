package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisException;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.tracing.Tracing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LettucePipelineTests {

    private static final int THREADS = 8;

    private static final int CALLS = 500;

    private final EventExecutor eventLoop = new DefaultEventExecutor();

    /** What the thread that reads the first reply belongs to. */
    private EventExecutor answering = this.eventLoop;

    /** What was written, one element for each time. */
    private final LinkedBlockingQueue<List<RedisCommand<byte[], byte[], ?>>> writes = new LinkedBlockingQueue<>();

    private final Tracing tracing = mock();

    private final ClientResources resources = mock();

    private final LettuceThreads threads = mock();

    private final StatefulRedisConnectionImpl<byte[], byte[]> connection = mock();

    private LettucePipeline pipeline;

    @BeforeEach
    void connect() {
        given(this.threads.executorOf(Thread.currentThread())).willAnswer(invocation -> this.answering);
        given(this.resources.tracing()).willReturn(this.tracing);
        given(this.connection.getResources()).willReturn(this.resources);
        given(this.connection.getOptions()).willReturn(ClientOptions.create());
        given(this.connection.closeAsync()).willReturn(CompletableFuture.completedFuture(null));
        given(this.connection.dispatch(anyCollection())).willAnswer(invocation -> {
            Collection<RedisCommand<byte[], byte[], ?>> commands = invocation.getArgument(0);
            this.writes.add(List.copyOf(commands));
            return commands;
        });
        this.pipeline = new LettucePipeline(this.connection, this.threads, lost -> {});
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
    void manyCallsAreWrittenInSeveralPortions() throws InterruptedException {
        afterAReply();
        CountDownLatch busy = occupy();
        List<RedisCommand<byte[], byte[], ?>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(command(call("call " + i)));
        }
        busy.countDown();
        assertThat(nextWrite()).isEqualTo(calls.subList(0, 8));
        assertThat(nextWrite()).isEqualTo(calls.subList(8, 16));
        assertThat(nextWrite()).isEqualTo(calls.subList(16, 20));
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
        willThrow(new IllegalStateException("stopped")).given(this.connection).dispatch(anyCollection());
        CountDownLatch busy = occupy();

        CompletableFuture<?> first = call("first");
        CompletableFuture<?> second = call("second");
        busy.countDown();

        for (CompletableFuture<?> call : List.of(first, second)) {
            Throwable failure = catchThrowable(() -> call.get(10, TimeUnit.SECONDS));
            assertThat(CommandFailures.says(failure, "Connection is closed")).isTrue();
            assertThat(failure).hasRootCauseMessage("stopped");
        }
    }

    @Test
    void errorOfTheDriverFailsItsCallsAndNoOthers() throws InterruptedException {
        afterAReply();
        Error error = new StackOverflowError();
        willThrow(error).given(this.connection).dispatch(anyCollection());
        CountDownLatch busy = occupy();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(call("call " + i));
        }
        busy.countDown();
        assertThat(calls)
                .allSatisfy(call -> assertThat(catchThrowable(() -> call.get(10, TimeUnit.SECONDS)))
                        .hasCause(error));
    }

    @Test
    void whatTheDriverRefusesLeavesTheConnectionAsItIs() {
        willThrow(new RedisException("Request queue size exceeded: 5"))
                .given(this.connection)
                .dispatch(anyCollection());
        Throwable failure = catchThrowable(() -> call("any").get(10, TimeUnit.SECONDS));
        assertThat(CommandFailures.says(failure, "Connection is closed")).isFalse();
        assertThat(failure).hasRootCauseMessage("Request queue size exceeded: 5");
    }

    @Test
    void callsAfterTheEventLoopWasShutDownAreHandedToTheDriver() throws InterruptedException {
        afterAReply();
        this.eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(this.eventLoop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<?> late = call("late");
        assertThat(nextWrite()).containsExactly(command(late));
    }

    @Test
    void callsThatAnEventLoopTookButWillNeverRunAreHandedToTheDriver() throws InterruptedException {
        EventExecutor dead = mock();
        given(dead.isShutdown()).willReturn(true);
        answerBy(dead);

        CompletableFuture<?> late = call("late");
        CompletableFuture<?> later = call("later");

        assertThat(List.of(nextWrite(), nextWrite()))
                .containsExactlyInAnyOrder(List.of(command(late)), List.of(command(later)));
    }

    @Test
    void callsOfADeadEventLoopFailOnAThreadOfTheirOwn() throws InterruptedException {
        EventExecutor dead = mock();
        given(dead.isShutdown()).willReturn(true);
        answerBy(dead);
        BlockingQueue<Thread> writers = new LinkedBlockingQueue<>();
        given(this.connection.dispatch(anyCollection())).willAnswer(invocation -> {
            writers.add(Thread.currentThread());
            return invocation.getArgument(0);
        });
        call("late");
        assertThat(writers.poll(10, TimeUnit.SECONDS)).isNotNull().isNotSameAs(Thread.currentThread());
    }

    @Test
    void callsAreWrittenOneByOneByTheirCallersWhereTheDriverTracesThem() throws InterruptedException {
        given(this.tracing.isEnabled()).willReturn(true);
        expectOneByOne();
    }

    @Test
    void callsAreWrittenOneByOneWhereTheQueueOfTheDriverIsBounded() throws InterruptedException {
        given(this.connection.getOptions())
                .willReturn(ClientOptions.builder().requestQueueSize(100).build());
        expectOneByOne();
    }

    @Test
    void callsAreWrittenOneByOneWhereTheyAreNotToBeBatched() throws InterruptedException {
        expectOneByOne(null);
    }

    @Test
    void callsAreWrittenOneByOneWhereTheEventLoopIsNotFound() throws InterruptedException {
        given(this.threads.executorOf(Thread.currentThread())).willReturn(null);
        expectOneByOne();
    }

    private void expectOneByOne() throws InterruptedException {
        expectOneByOne(this.threads);
    }

    private void expectOneByOne(@Nullable LettuceThreads threads) throws InterruptedException {
        this.pipeline = new LettucePipeline(this.connection, threads, lost -> {});
        afterAReply();
        CountDownLatch busy = occupy();
        CompletableFuture<?> first = call("first");
        CompletableFuture<?> second = call("second");
        assertThat(this.writes).containsExactly(List.of(command(first)), List.of(command(second)));
        busy.countDown();
    }

    /** Its caller may be the driver itself, inside a write. */
    @Test
    void callThatComesDuringAWriteIsNotLeftBehind() throws InterruptedException {
        afterAReply();
        AtomicBoolean first = new AtomicBoolean(true);
        willAnswer(invocation -> {
                    Collection<RedisCommand<byte[], byte[], ?>> commands = invocation.getArgument(0);
                    this.writes.add(List.copyOf(commands));
                    if (first.getAndSet(false)) {
                        call("from inside");
                    }
                    return commands;
                })
                .given(this.connection)
                .dispatch(anyCollection());

        call("from outside");

        assertThat(nextWrite()).hasSize(1);
        assertThat(nextWrite()).hasSize(1);
    }

    @Test
    void whatWaitsIsSentBeforeTheConnectionIsClosed() throws InterruptedException {
        afterAReply();
        CountDownLatch busy = occupy();
        CompletableFuture<?> call = call("any");

        this.pipeline.close();

        assertThat(this.writes).containsExactly(List.of(command(call)));
        then(this.connection).should().closeAsync();
        busy.countDown();
    }

    @Test
    void callsAreWrittenAsRedisReadsThem() {
        byte[][] keys = {KeyLayout.bytes("a"), KeyLayout.bytes("b")};
        ScriptCall call = new ScriptCall(LockScript.HOLDER, keys, KeyLayout.bytes("argument"));
        assertThat(encoded(this.pipeline.send(call, false)))
                .isEqualTo(resp("EVALSHA", LockScript.HOLDER.sha(), "2", "a", "b", "argument"));
        assertThat(encoded(this.pipeline.send(call, true)))
                .isEqualTo(resp("EVAL", LockScript.HOLDER.text(), "2", "a", "b", "argument"));
    }

    private static String encoded(CompletableFuture<?> call) {
        ByteBuf buffer = Unpooled.buffer();
        command(call).encode(buffer);
        return buffer.toString(StandardCharsets.UTF_8);
    }

    private static String resp(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$')
                    .append(KeyLayout.bytes(word).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        return text.toString();
    }

    private CompletableFuture<?> call(String key) {
        return this.pipeline.send(new ScriptCall(LockScript.RELEASE, new byte[][] {KeyLayout.bytes(key)}), false);
    }

    /** The first reply tells which event loop serves the connection. */
    private void afterAReply() throws InterruptedException {
        answerBy(this.eventLoop);
    }

    private void answerBy(EventExecutor eventLoop) throws InterruptedException {
        CompletableFuture<?> first = call("first of all");
        nextWrite();
        this.answering = eventLoop;
        complete(first);
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
