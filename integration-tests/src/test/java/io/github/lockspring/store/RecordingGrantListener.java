package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Remembers what it is told, and by which threads. */
final class RecordingGrantListener implements GrantListener {

    /** A grant and the thread that told of it. */
    record Told(Grant grant, Thread thread) {}

    private final BlockingQueue<Told> grants = new LinkedBlockingQueue<>();

    private final CountDownLatch listening = new CountDownLatch(1);

    @Override
    public void onGrant(Grant grant) {
        this.grants.add(new Told(grant, Thread.currentThread()));
    }

    @Override
    public void onListening(boolean listening) {
        if (listening) {
            this.listening.countDown();
        }
    }

    void awaitListening() {
        try {
            assertThat(this.listening.await(10, TimeUnit.SECONDS))
                    .as("told to be listening within ten seconds")
                    .isTrue();
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted while waiting for the subscription", ex);
        }
    }

    /** The next grant, {@code null} if none arrives within this time. */
    Grant poll(long timeout, TimeUnit unit) throws InterruptedException {
        Told told = this.grants.poll(timeout, unit);
        return told != null ? told.grant() : null;
    }

    Grant next() {
        return nextTold().grant();
    }

    Told nextTold() {
        try {
            Told told = this.grants.poll(10, TimeUnit.SECONDS);
            assertThat(told).as("a grant within ten seconds").isNotNull();
            return told;
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted while waiting for a grant", ex);
        }
    }

    /** What has arrived and was not taken. */
    List<Grant> others() {
        return this.grants.stream().map(Told::grant).toList();
    }
}
