package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Time that stands still until a test moves it. Timers run on the thread that moves it; parked threads wake with it. */
final class FakeClock implements EngineClock {

    private final AtomicLong now = new AtomicLong(-5_000_000_000L);

    private final AtomicLong suspended = new AtomicLong();

    private final AtomicLong sequence = new AtomicLong();

    private final ReentrantLock guard = new ReentrantLock();

    private final PriorityQueue<Scheduled> timers = new PriorityQueue<>();

    private final Map<Thread, Long> parked = new ConcurrentHashMap<>();

    private final AtomicInteger parks = new AtomicInteger();

    private volatile boolean shutDown;

    @Override
    public long nanoTime() {
        return this.now.get();
    }

    @Override
    public long wallTimeMillis() {
        return 1_000_000 + Math.floorDiv(this.now.get(), 1_000_000L) + this.suspended.get();
    }

    /** Only the wall clock goes on. */
    void suspend(Duration duration) {
        this.suspended.addAndGet(duration.toMillis());
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        if (this.shutDown) {
            return () -> {};
        }
        Scheduled timer =
                new Scheduled(this.now.get() + Math.max(0, delayNanos), this.sequence.incrementAndGet(), task);
        locked(() -> this.timers.add(timer));
        return () -> locked(() -> this.timers.remove(timer));
    }

    @Override
    public void park(Object blocker, long nanos) {
        this.parks.incrementAndGet();
        this.parked.put(Thread.currentThread(), this.now.get() + nanos);
        LockSupport.park(blocker);
        this.parked.remove(Thread.currentThread());
    }

    @Override
    public void shutdown() {
        this.shutDown = true;
        locked(this.timers::clear);
    }

    boolean isShutDown() {
        return this.shutDown;
    }

    /** Moves the time, and runs on the way what becomes due. */
    void advance(Duration duration) {
        long end = this.now.get() + duration.toNanos();
        for (Scheduled due = nextDue(end); due != null; due = nextDue(end)) {
            if (due.at - this.now.get() > 0) {
                moveTo(due.at);
            }
            due.task.run();
        }
        moveTo(end);
    }

    void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /** Runs what is due now. */
    void tick() {
        advance(Duration.ZERO);
    }

    /** The time is later without any timer having run: a pause of the process. */
    void freeze(Duration duration) {
        this.now.addAndGet(duration.toNanos());
    }

    /** How many timers have ever been scheduled. */
    long scheduled() {
        return this.sequence.get();
    }

    int timers() {
        List<Integer> size = new ArrayList<>();
        locked(() -> size.add(this.timers.size()));
        return size.get(0);
    }

    /** How often threads have gone to sleep. */
    int parks() {
        return this.parks.get();
    }

    void awaitParked(Thread thread) {
        await().untilAsserted(() -> assertThat(this.parked).containsKey(thread));
    }

    private void moveTo(long time) {
        this.now.set(time);
        this.parked.forEach((thread, until) -> {
            if (until - time <= 0) {
                LockSupport.unpark(thread);
            }
        });
    }

    private Scheduled nextDue(long end) {
        this.guard.lock();
        try {
            Scheduled next = this.timers.peek();
            return next != null && next.at - end <= 0 ? this.timers.poll() : null;
        } finally {
            this.guard.unlock();
        }
    }

    private void locked(Runnable action) {
        this.guard.lock();
        try {
            action.run();
        } finally {
            this.guard.unlock();
        }
    }

    private record Scheduled(long at, long order, Runnable task) implements Comparable<Scheduled> {

        @Override
        public int compareTo(Scheduled other) {
            int byTime = Long.compare(this.at - other.at, 0);
            return byTime != 0 ? byTime : Long.compare(this.order, other.order);
        }
    }
}
