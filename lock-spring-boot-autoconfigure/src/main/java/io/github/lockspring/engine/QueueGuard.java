package io.github.lockspring.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;

/**
 * The short, never blocking guard of one local queue and its tenures. Sends are the last act inside it; what enters
 * other queues' guards, wakes threads that would enter this one, and code of the application, comes after it. Who has been given a hold is woken
 * at once.
 */
final class QueueGuard {

    private static final int SPINS = 100;

    private final EngineContext engine;

    private final ReentrantLock lock = new ReentrantLock();

    private final Deque<Runnable> afterwards = new ArrayDeque<>(2);

    QueueGuard(EngineContext engine) {
        this.engine = engine;
    }

    /** Runs an action inside the guard; it gets the time. */
    void run(LongConsumer action) {
        call(now -> {
            action.accept(now);
            return now;
        });
    }

    long call(LongUnaryOperator action) {
        lock();
        try {
            return action.applyAsLong(this.engine.clock().nanoTime());
        } finally {
            unlock();
        }
    }

    /** Spins for a moment before it parks: it is seldom held for longer than that. */
    void lock() {
        for (int i = 0; i < SPINS; i++) {
            if (this.lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        this.lock.lock();
    }

    void unlock() {
        if (this.afterwards.isEmpty() || this.lock.getHoldCount() > 1) {
            this.lock.unlock();
            return;
        }
        Runnable[] tasks = this.afterwards.toArray(Runnable[]::new);
        this.afterwards.clear();
        this.lock.unlock();
        runAll(tasks, 0);
    }

    /** One that fails takes no others with it. */
    private static void runAll(Runnable[] tasks, int from) {
        for (int i = from; i < tasks.length; i++) {
            boolean done = false;
            try {
                tasks[i].run();
                done = true;
            } finally {
                if (!done) {
                    runAll(tasks, i + 1);
                }
            }
        }
    }

    /** Wakes a thread once the guard is free, before anything else is done. Called inside it. */
    void wake(Thread thread) {
        this.afterwards.addFirst(() -> LockSupport.unpark(thread));
    }

    /** Has something done once the guard is free. Called inside it. */
    void afterwards(Runnable task) {
        this.afterwards.add(task);
    }

    /** Has code of the application run once the guard is free. Called inside it. */
    void callback(Runnable task) {
        afterwards(() -> this.engine.callbacks().run(task));
    }
}
