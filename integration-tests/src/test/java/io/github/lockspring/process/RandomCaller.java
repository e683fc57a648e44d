package io.github.lockspring.process;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread that calls for a few locks in all the ways there are, at random, and visits those it gets. */
final class RandomCaller {

    /** Those of the second half are fair. */
    static final int LOCKS = 4;

    private final LockOperations locks;

    private final RespClient redis;

    private final String data;

    private final AtomicInteger lostLeases;

    RandomCaller(LockOperations locks, RespClient redis, String data, AtomicInteger lostLeases) {
        this.locks = locks;
        this.redis = redis;
        this.data = data;
        this.lostLeases = lostLeases;
    }

    /** Begins no call after that time; calls that wait without limit end when they have had their turn. */
    void callFor(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            try {
                call(ThreadLocalRandom.current());
            } catch (LeaseLostException ex) {
                this.lostLeases.incrementAndGet();
            }
        }
    }

    private void call(ThreadLocalRandom random) {
        int lock = random.nextInt(LOCKS);
        LockOptions options = LockOptions.named("lock")
                .key(lock)
                .fair(lock >= LOCKS / 2)
                .leaseTime(Duration.ofSeconds(random.nextInt(3) == 0 ? 1 : 20))
                .waitForever();
        switch (random.nextInt(9)) {
            case 0 -> tryOnce(lock, options.waitTime(Duration.ZERO));
            case 1 -> tryOnce(lock, options.waitTime(Duration.ofMillis(random.nextInt(50))));
            case 2 -> giveUpAfter(random.nextInt(20), lock, options);
            case 3 -> cancelAfter(random.nextInt(20), lock, options);
            case 4 -> interruptAfter(random.nextInt(20), lock, options);
            case 5 ->
                visit(
                        lock,
                        this.locks.acquireAsync(options).toCompletableFuture().join());
            case 6 -> visit(lock, this.locks.acquire(options));
            default ->
                this.locks.executeWithoutResult(options, lease -> visits(lock).visit(lease));
        }
    }

    private void tryOnce(int lock, LockOptions options) {
        this.locks.tryAcquire(options).ifPresent(lease -> visit(lock, lease));
    }

    private void giveUpAfter(int millis, int lock, LockOptions options) {
        try {
            visit(lock, this.locks.acquire(options.waitTime(Duration.ofMillis(millis))));
        } catch (LockNotAcquiredException ex) {
            // somebody else was inside all the time
        }
    }

    private void cancelAfter(int millis, int lock, LockOptions options) {
        CompletableFuture<LockLease> asked = this.locks.acquireAsync(options).toCompletableFuture();
        CompletableFuture.runAsync(() -> asked.cancel(false), later(millis)).join();
        if (!asked.isCancelled()) {
            visit(lock, asked.join());
        }
    }

    private void interruptAfter(int millis, int lock, LockOptions options) {
        CompletableFuture<Void> interrupt =
                CompletableFuture.runAsync(Thread.currentThread()::interrupt, later(millis));
        try {
            visit(lock, this.locks.acquire(options));
        } catch (LockInterruptedException ex) {
            // as it should be
        } finally {
            interrupt.join();
            Thread.interrupted();
        }
    }

    private static Executor later(int millis) {
        return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, ForkJoinPool.commonPool());
    }

    private void visit(int lock, LockLease lease) {
        try (lease) {
            visits(lock).visit(lease);
        }
    }

    private Visits visits(int lock) {
        return new Visits(this.redis, this.data, lock);
    }
}
