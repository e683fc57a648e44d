package io.github.lockspring.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guard, held for moments, of one local queue and its tenures, or of what all queues share. Sending is the last
 * step inside it; code that enters the guards of other queues, wakes threads that would enter this one, logs, or
 * belongs to the application, runs after it. A caller that has been given a hold is woken immediately.
 */
final class QueueGuard {

    private static final Logger log = LoggerFactory.getLogger(QueueGuard.class);

    private static final int SPINS = 100;

    /** How long a guard that was busy is left alone, in nanoseconds. */
    private static final long BUSY = 5 * Nanos.MILLI;

    private static final Runnable[] NONE = {};

    private final EngineClock clock;

    private final ReentrantLock lock = new ReentrantLock();

    private final Deque<Runnable> afterwards = new ArrayDeque<>(2);

    QueueGuard(EngineClock clock) {
        this.clock = clock;
    }

    /** Called by code that changes state protected by the guard; checked if assertions are enabled. */
    void assertHeld() {
        assert this.lock.isHeldByCurrentThread() : "The guard of this queue is not held by the current thread";
    }

    /** Makes the current thread see all that was written until a thread has last left the guard; does not enter it. */
    void see() {
        boolean unused = this.lock.isLocked();
    }

    /**
     * The same as {@link #call}, unless another thread is inside: the timer must not wait for one that may never leave.
     */
    long tryCall(LongUnaryOperator action) {
        if (!this.lock.tryLock()) {
            return BUSY;
        }
        try {
            return action.applyAsLong(this.clock.nanoTime());
        } finally {
            unlock();
        }
    }

    /** Runs an action inside the guard, with the current time. Stages of the store would swallow a failure. */
    void run(LongConsumer action) {
        try {
            call(now -> {
                action.accept(now);
                return now;
            });
        } catch (RuntimeException | Error ex) {
            log.error("Processing a response of the lock store, or checking a lock, failed inside the lock engine", ex);
            throw ex;
        }
    }

    long call(LongUnaryOperator action) {
        lock();
        try {
            return action.applyAsLong(this.clock.nanoTime());
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

    /** The guard is always free afterwards, even after a failure. */
    void unlock() {
        Runnable[] tasks = NONE;
        try {
            if (!this.afterwards.isEmpty() && this.lock.getHoldCount() == 1) {
                tasks = this.afterwards.toArray(Runnable[]::new);
                this.afterwards.clear();
            }
        } finally {
            this.lock.unlock();
        }
        runAll(tasks, 0);
    }

    /** Leaves it, if an error has kept the thread from doing so. */
    void leaveAfterError() {
        while (this.lock.isHeldByCurrentThread()) {
            this.lock.unlock();
        }
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
}
