package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingThreadsTests {

    private final AtomicLong clock = new AtomicLong();

    private final BlockingThreads threads = new BlockingThreads(null, this.clock::get);

    private final CountDownLatch answer = new CountDownLatch(1);

    @AfterEach
    void stop() {
        this.answer.countDown();
        this.threads.executors().forEach(ExecutorService::shutdown);
    }

    /** It may yet have to wait for a connection of the pool, and be refused: that is no outage of the server. */
    @Test
    void threadThatHasJustBegunDoesNotWaitForTheServer() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        this.threads.execute(RedisLink.Lane.WANTING, () -> {
            begun.countDown();
            await(this.answer);
        });
        begun.await();

        assertThat(this.threads.waitForServer()).isFalse();
        this.clock.addAndGet(Duration.ofMillis(100).toNanos());

        assertThat(this.threads.waitForServer()).isTrue();
        assertThat(this.threads.waitForPool()).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
