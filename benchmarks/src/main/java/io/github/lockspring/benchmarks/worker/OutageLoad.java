package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Asks for locks, each a free one of its own, without waiting for anybody, at a bounded rate while Redis is away. At a
 * second signal, Redis is back: nobody calls any more, except one thread that asks until it gets a lock.
 */
final class OutageLoad implements Load {

    private static final long CALLS_PER_SECOND = 300;

    private static final long CALL_NANOS = TimeUnit.SECONDS.toNanos(1) / CALLS_PER_SECOND;

    private static final int WARM_UPS = 2000;

    /** Short beside what is timed by asking again and again. */
    private static final long PAUSE_NANOS = 20_000_000;

    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(150);

    @Override
    public Measurement run(Job job, Contender contender, Arena arena, StartSignal start) throws InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            isHad(contender, job.run() + "-warm-" + i);
        }
        long heapBefore = ProcessUsage.heapBytes();
        Calls calls = new Calls(contender, job.run());
        long begin = start.await();
        ProcessUsage.parkUntil(begin);
        ProcessorTime before = ProcessorTime.now();
        calls.run(begin, job.window());
        long cpu = ProcessorTime.now().nanosSince(before);
        long wall = System.nanoTime() - begin;
        int clientThreads = ProcessUsage.clientThreads(0);
        long heapGrowth = ProcessUsage.heapBytes() - heapBefore;
        long back = start.await();
        Histogram firstLock = Measurement.times();
        int probes = 0;
        while (!isHad(contender, job.run() + "-back-" + probes++)
                && System.nanoTime() - back < GIVE_UP_AFTER.toNanos()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        firstLock.recordValue(Math.min(System.nanoTime() - back, Measurement.LONGEST_NANOS));
        calls.await(back + GIVE_UP_AFTER.toNanos());
        long had = calls.had.get();
        return new Measurement(List.of(had), had, firstLock, cpu, wall, clientThreads, 0, calls.made - had, heapGrowth);
    }

    private static boolean isHad(Contender contender, String key) throws InterruptedException {
        try {
            contender.attempt(key).toCompletableFuture().get(GIVE_UP_AFTER.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException | RuntimeException ex) {
            return false;
        }
    }

    /** Those of one outage. A call that is never answered has failed, too. */
    private static final class Calls {

        private final Contender contender;

        private final String run;

        private final AtomicLong had = new AtomicLong();

        private final AtomicInteger unanswered = new AtomicInteger();

        private int made;

        Calls(Contender contender, String run) {
            this.contender = contender;
            this.run = run;
        }

        void run(long begin, Duration window) {
            long end = begin + window.toNanos();
            for (long due = begin; due - end < 0 && System.nanoTime() - end < 0; due += CALL_NANOS) {
                ProcessUsage.parkUntil(due);
                callOnce(this.run + "-away-" + this.made++);
            }
        }

        private void callOnce(String key) {
            this.unanswered.incrementAndGet();
            try {
                this.contender.attempt(key).whenComplete((done, failure) -> answered(failure == null));
            } catch (RuntimeException ex) {
                answered(false);
            }
        }

        private void answered(boolean isHad) {
            if (isHad) {
                this.had.incrementAndGet();
            }
            this.unanswered.decrementAndGet();
        }

        void await(long until) {
            while (this.unanswered.get() > 0 && System.nanoTime() - until < 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
