package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Transports;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LettuceThreadsTests {

    private final ClientResources resources = DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .build();

    private final LettuceThreads threads = new LettuceThreads(() -> this.resources);

    @AfterEach
    void stop() throws Exception {
        this.threads.close();
        this.resources.shutdown(0, 0, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
    }

    @Test
    void eventLoopsAndThreadsThatComputeAreTheClients() throws Exception {
        for (EventExecutor eventLoop : eventLoops()) {
            Thread thread = threadOf(eventLoop);
            assertThat(this.threads.include(thread)).isTrue();
            assertThat(this.threads.executorOf(thread)).isSameAs(eventLoop);
        }
        assertThat(this.threads.include(
                        threadOf(this.resources.eventExecutorGroup().next())))
                .isTrue();
    }

    @Test
    void otherThreadsAreNot() throws Exception {
        EventExecutorGroup others = new DefaultEventExecutorGroup(1);
        try {
            assertThat(this.threads.include(threadOf(others.next()))).isFalse();
            assertThat(this.threads.include(Thread.currentThread())).isFalse();
            assertThat(this.threads.executorOf(Thread.currentThread())).isNull();
        } finally {
            others.shutdownGracefully(0, 0, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void nothingIsKnownWhereThereIsNoClient() throws Exception {
        LettuceThreads stopped = new LettuceThreads(() -> {
            throw new IllegalStateException("stopped");
        });
        assertThat(stopped.include(threadOf(eventLoops().next()))).isFalse();
    }

    @Test
    void whatIsKnownStaysKnownAndIsGivenBack() throws Exception {
        EventExecutorGroup eventLoops = eventLoops();
        Thread thread = threadOf(eventLoops.next());
        assertThat(this.threads.include(thread)).isTrue();

        this.threads.close();
        assertThat(this.threads.include(thread)).isTrue();

        // the last to give it back ends it
        this.resources.eventLoopGroupProvider().release(eventLoops, 0, 0, TimeUnit.SECONDS);
        assertThat(eventLoops.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void askingAfterCloseKeepsNothing() throws Exception {
        this.threads.close();
        EventExecutorGroup eventLoops = eventLoops();
        assertThat(this.threads.include(threadOf(eventLoops.next()))).isFalse();
        this.resources.eventLoopGroupProvider().release(eventLoops, 0, 0, TimeUnit.SECONDS);
        assertThat(eventLoops.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void threadsOfTheNextClientAreKnownAfterAStop() throws Exception {
        AtomicReference<ClientResources> present = new AtomicReference<>(ClientResources.create());
        LettuceThreads restarted = new LettuceThreads(present::get);
        assertThat(restarted.include(threadOf(eventLoops(present.get()).next())))
                .isTrue();

        present.getAndSet(this.resources).shutdown(0, 0, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);

        assertThat(restarted.include(threadOf(eventLoops().next()))).isTrue();
        restarted.close();
    }

    /** As the client does it when it connects. */
    private EventExecutorGroup eventLoops() {
        return eventLoops(this.resources);
    }

    private static EventExecutorGroup eventLoops(ClientResources resources) {
        return resources.eventLoopGroupProvider().allocate(Transports.eventLoopGroupClass());
    }

    private static Thread threadOf(EventExecutor executor) throws InterruptedException, ExecutionException {
        return executor.submit(Thread::currentThread).get();
    }
}
