package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockAcquiredEvent;
import io.github.lockspring.LockEvent;
import io.github.lockspring.LockLostEvent;
import io.github.lockspring.LockName;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events wait for their listeners, up to a number, and are told in order on one thread; time is the test's. */
class EventQueueTests {

    private static final LockName LOCK = LockName.of("order");

    private final AtomicLong now = new AtomicLong();

    private final List<LockEvent> told = Collections.synchronizedList(new ArrayList<>());

    private final CountDownLatch begun = new CountDownLatch(1);

    private final CountDownLatch hanging = new CountDownLatch(1);

    private final LogCapture log = LogCapture.info(EventQueue.class);

    @AfterEach
    void end() {
        this.hanging.countDown();
        this.log.close();
    }

    @Test
    void tellsInOrderOnADaemonThreadOfTheLibrary() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        EventQueue queue = queue(event -> {
            this.told.add(event);
            threads.add(Thread.currentThread());
        });
        List<LockEvent> all =
                LongStream.range(0, 1_000).mapToObj(EventQueueTests::ordinary).toList();
        all.forEach(queue::add);
        closeOnceTold(queue, 1_000);
        assertThat(this.told).isEqualTo(all);
        assertThat(threads.stream().distinct()).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).startsWith(DaemonThreads.PREFIX + "events-");
            assertThat(thread.isDaemon()).isTrue();
        });
        assertThat(this.log.said()).isEmpty();
    }

    @Test
    void countsWhatItHasNoRoomForAndWarnsOnceAMinute() throws Exception {
        EventQueue queue = hangingQueue();
        for (int i = 0; i < EventQueue.CAPACITY + 3; i++) {
            queue.add(ordinary(i));
        }
        assertThat(queue.dropped()).isEqualTo(3);
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("Events of locks are dropped (1 since that was last said): 10000 wait for listeners");

        pass(Duration.ofMinutes(1));
        queue.add(ordinary(0));
        assertThat(warnings()).last().asString().contains("Events of locks are dropped (3 since that was last said)");
        this.hanging.countDown();
        closeOnceTold(queue, 1 + EventQueue.CAPACITY);
        assertThat(warnings()).last().asString().contains("4 events of locks were dropped, 0 of them");
    }

    @Test
    void lossesHaveRoomWhereOthersAreDropped() throws Exception {
        EventQueue queue = hangingQueue();
        for (int i = 0; i < EventQueue.CAPACITY; i++) {
            queue.add(ordinary(i));
        }
        LockEvent loss = loss();
        queue.add(loss);
        queue.add(ordinary(0));
        assertThat(queue.dropped()).isEqualTo(1);
        for (int i = 1; i <= EventQueue.RESERVE; i++) {
            queue.add(loss);
        }
        assertThat(queue.dropped()).isEqualTo(2);
        this.hanging.countDown();
        closeOnceTold(queue, 1 + EventQueue.CAPACITY + EventQueue.RESERVE);
        assertThat(this.told).endsWith(loss);
    }

    @Test
    void warnsOnceAMinuteOfAListenerThatDoesNotReturn() throws Exception {
        EventQueue queue = hangingQueue();
        this.now.addAndGet(EventQueue.PATIENCE_NANOS - 1);
        queue.add(ordinary(1));
        assertThat(warnings()).isEmpty();
        this.now.addAndGet(1);
        queue.add(loss());
        queue.add(loss());
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(
                        "have not returned from LockAcquiredEvent[lock=order, fencingToken=7",
                        "for 10000 ms: 1 events wait");
        assertThat(this.log.stacks()).singleElement().asString().contains("hangOnce");

        pass(Duration.ofMinutes(1));
        queue.add(ordinary(2));
        assertThat(warnings()).hasSize(2).last().asString().contains("for 70000 ms: 3 events wait");
        this.hanging.countDown();
        awaitTold(5);
        pass(Duration.ofMinutes(1));
        queue.add(ordinary(3));
        closeOnceTold(queue, 6);
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void saysAtTheEndWhatWasNotTold() throws Exception {
        EventQueue queue = hangingQueue();
        queue.add(ordinary(1));
        queue.add(loss());
        queue.close();
        assertThat(queue.dropped()).isEqualTo(2);
        assertThat(warnings()).singleElement().asString().contains("2 events of locks were dropped, 2 of them");
    }

    @Test
    void saysWhatComesAfterTheEnd() {
        EventQueue queue = queue(this.told::add);
        queue.close();
        assertThat(warnings()).isEmpty();
        queue.add(loss());
        assertThat(this.told).isEmpty();
        assertThat(warnings()).singleElement().asString().contains("dropped", "the application has ended");
    }

    @Test
    void anErrorOfAListenerKeepsNothingFromOthersEvenIfItCannotBeNamed() {
        Object unnamed = new Object() {

            @Override
            public String toString() {
                throw new IllegalStateException("of its name");
            }
        };
        GuardedListener<Object> failing = guarded(unnamed);
        GuardedListener<List<LockEvent>> working = guarded(this.told);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        EventQueue queue = queue(event -> {
            failing.tell(listener -> {
                threads.add(Thread.currentThread());
                throw new StackOverflowError("of the listener");
            });
            working.tell(listener -> listener.add(event));
        });
        queue.add(ordinary(1));
        queue.add(ordinary(2));
        closeOnceTold(queue, 2);
        assertThat(this.told).containsExactly(ordinary(1), ordinary(2));
        assertThat(threads.stream().distinct()).hasSize(1);
        assertThat(this.log.said(Level.ERROR)).singleElement().asString().contains("A listener to locks failed");
    }

    @Test
    void failuresOfAListenerAreLoggedOnceAMinuteAndOthersByThemselves() {
        List<GuardedListener<String>> listeners = List.of(guarded("first"), guarded("second"));
        for (int i = 0; i < 3; i++) {
            listeners.forEach(EventQueueTests::fail);
        }
        assertThat(this.log.said(Level.ERROR))
                .containsExactly(
                        "A listener to locks failed: first (0 further failures since that was last said)",
                        "A listener to locks failed: second (0 further failures since that was last said)");
        assertThat(this.log.stacks()).hasSize(2).allMatch(stack -> stack.contains("of the listener"));
        pass(Duration.ofMinutes(1));
        fail(listeners.get(1));
        assertThat(this.log.said(Level.ERROR))
                .hasSize(3)
                .last()
                .asString()
                .contains("second (2 further failures since that was last said)");
    }

    @Test
    void aListenerThatDoesNotFailIsNotNamed() {
        AtomicBoolean named = new AtomicBoolean();
        Object listener = new Object() {

            @Override
            public String toString() {
                named.set(true);
                return "listener";
            }
        };
        guarded(listener).tell(told -> {});
        assertThat(named).isFalse();
    }

    @Test
    void withoutAThreadAnEventIsDroppedAndTheNextOneTriesAgain() {
        AtomicBoolean full = new AtomicBoolean(true);
        ThreadPoolExecutor pool = DaemonThreads.pool("events", 1, EventQueue.CAPACITY);
        ThreadFactory threads = pool.getThreadFactory();
        pool.setThreadFactory(task -> {
            if (full.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return threads.newThread(task);
        });
        EventQueue queue = new EventQueue(this.told::add, this.now::get, pool);
        queue.add(ordinary(1));
        assertThat(queue.dropped()).isEqualTo(1);
        assertThat(warnings()).singleElement().asString().contains("no thread can be started");
        full.set(false);
        queue.add(ordinary(2));
        closeOnceTold(queue, 1);
        assertThat(this.told).containsExactly(ordinary(2));
    }

    /** The queue itself waits for a second only, which may pass without this process. */
    private void closeOnceTold(EventQueue queue, int events) {
        awaitTold(events);
        queue.close();
    }

    private void awaitTold(int events) {
        await().untilAsserted(() -> assertThat(this.told).hasSize(events));
    }

    private <T> GuardedListener<T> guarded(T listener) {
        return new GuardedListener<>(listener, this.now::get);
    }

    private static void fail(GuardedListener<String> listener) {
        listener.tell(told -> {
            throw new IllegalStateException("of the listener");
        });
    }

    private EventQueue queue(Consumer<LockEvent> listeners) {
        return new EventQueue(listeners, this.now::get);
    }

    /** Its listener does not return from the first event until the test lets it, or it is interrupted. */
    private EventQueue hangingQueue() throws InterruptedException {
        EventQueue queue = queue(event -> {
            hangOnce();
            this.told.add(event);
        });
        queue.add(ordinary(7));
        this.begun.await();
        return queue;
    }

    private void hangOnce() {
        this.begun.countDown();
        try {
            this.hanging.await();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Duration time) {
        this.now.addAndGet(time.toNanos());
    }

    private List<String> warnings() {
        return this.log.said(Level.WARN);
    }

    private static LockEvent ordinary(long token) {
        return new LockAcquiredEvent(LOCK, token, Duration.ZERO, false);
    }

    private static LockEvent loss() {
        return new LockLostEvent(LOCK, 7, Duration.ZERO, new LeaseLostException(LOCK, 7, "of the test"));
    }
}
