package io.github.lockspring.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Remembers what it is told, and misbehaves when asked to. */
final class RecordingListener implements GrantListener {

    private final BlockingQueue<Grant> grants = new LinkedBlockingQueue<>();

    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    private final Semaphore calls = new Semaphore(0);

    private final CountDownLatch listening = new CountDownLatch(1);

    private final CountDownLatch released = new CountDownLatch(1);

    private volatile Runnable beforeEach = () -> {};

    @Override
    public void onGrant(Grant grant) {
        called();
        this.grants.add(grant);
    }

    @Override
    public void onListening(boolean listening) {
        called();
        assertThat(listening).isTrue();
        this.listening.countDown();
    }

    private void called() {
        this.threads.add(Thread.currentThread());
        try {
            this.beforeEach.run();
        } finally {
            this.calls.release();
        }
    }

    void beforeEach(Runnable action) {
        this.beforeEach = action;
    }

    void release() {
        this.released.countDown();
    }

    void awaitRelease() {
        await(this.released);
    }

    void awaitListening() {
        await(this.listening);
    }

    void awaitCalls(int count) throws InterruptedException {
        assertThat(this.calls.tryAcquire(count, 10, TimeUnit.SECONDS)).isTrue();
    }

    Grant nextGrant() throws InterruptedException {
        Grant grant = this.grants.poll(10, TimeUnit.SECONDS);
        assertThat(grant).as("a grant within ten seconds").isNotNull();
        return grant;
    }

    List<Thread> threads() {
        return List.copyOf(this.threads);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted", ex);
        }
    }
}
