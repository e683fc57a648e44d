package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A retry that was cancelled while it was about to begin. */
final class RetryTests {

    private final EngineFixture fixture = new EngineFixture();

    private final EngineContext engine = this.fixture.engine.context();

    private final QueueGuard guard = new QueueGuard(this.engine);

    private final AtomicInteger retries = new AtomicInteger();

    private final Retry retry = new Retry(this.engine, this.guard, now -> this.retries.incrementAndGet());

    @Test
    void oneThatWasCancelledTooLateLeavesTheNextOneAlone() throws InterruptedException {
        this.guard.run(now -> this.retry.schedule());
        Thread timer = new Thread(() -> this.fixture.clock.advanceMillis(50));
        this.guard.lock();
        try {
            timer.start();
            await().until(() -> timer.getState() == Thread.State.WAITING);
            this.retry.cancel();
            this.retry.schedule();
        } finally {
            this.guard.unlock();
        }
        timer.join();
        assertThat(this.retries).hasValue(0);
        assertThat(this.retry.isScheduled()).isTrue();

        this.fixture.clock.advanceMillis(100);
        assertThat(this.retries).hasValue(1);
        assertThat(this.retry.isScheduled()).isFalse();
    }
}
