package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.Grant;
import io.github.lockspring.GrantListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Remembers what it is told, and by which threads. */
final class RecordingGrantListener implements GrantListener {

    /** A grant and the thread that told of it. */
    record Told(Grant grant, Thread thread) {}

    private final BlockingQueue<Told> grants = new LinkedBlockingQueue<>();

    private volatile boolean listening;

    @Override
    public void onGrant(Grant grant) {
        this.grants.add(new Told(grant, Thread.currentThread()));
    }

    @Override
    public void onListening(boolean listening) {
        this.listening = listening;
    }

    void awaitListening() {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> this.listening);
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
