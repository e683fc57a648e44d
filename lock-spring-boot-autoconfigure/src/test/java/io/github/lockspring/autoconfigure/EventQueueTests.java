package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.DaemonThreads;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Events wait for their listeners, up to a number, and are told in order on one thread. */
class EventQueueTests {

    private final EventQueue queue = new EventQueue();

    @Test
    void tellsInOrderOnADaemonThreadOfTheLibrary() {
        List<Integer> told = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            this.queue.add(() -> {
                told.add(number);
                threads.add(Thread.currentThread());
            });
        }
        this.queue.close();
        assertThat(told).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
        assertThat(threads.stream().distinct()).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).startsWith(DaemonThreads.PREFIX + "events-");
            assertThat(thread.isDaemon()).isTrue();
        });
    }

    @Test
    void countsWhatItHasNoRoomForAndWarnsOnce() throws Exception {
        try (LogCapture log = LogCapture.info(EventQueue.class)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch slow = new CountDownLatch(1);
            this.queue.add(() -> {
                begun.countDown();
                try {
                    slow.await();
                } catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
            });
            begun.await();
            for (int i = 0; i < EventQueue.CAPACITY + 3; i++) {
                this.queue.add(() -> {});
            }
            assertThat(this.queue.dropped()).isEqualTo(3);
            assertThat(log.said(Level.WARN)).singleElement().asString().contains("Events of locks are dropped");
            slow.countDown();
            this.queue.close();
            await().untilAsserted(() ->
                    assertThat(log.said(Level.WARN)).last().asString().contains("3 events of locks"));
        }
    }
}
