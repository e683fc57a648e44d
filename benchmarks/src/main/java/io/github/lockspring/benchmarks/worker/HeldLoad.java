package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Holds locks of its own, and does nothing but let their leases be renewed. Threads are those that came with the second
 * lock and after. Gives the locks back at a second signal, so that Redis can be asked before.
 */
final class HeldLoad implements Load {

    @Override
    public Measurement run(Job job, Contender contender, Arena arena, StartSignal start) throws InterruptedException {
        Deque<Contender.Held> held = new ArrayDeque<>();
        Histogram waits = Measurement.times();
        held.push(hold(contender, key(job, 0), waits));
        int threadsOfOne = ProcessUsage.clientThreads(0);
        for (int i = 1; i < job.locks(); i++) {
            held.push(hold(contender, key(job, i), waits));
        }
        long begin = start.await();
        ProcessUsage.parkUntil(begin);
        ProcessorTime before = ProcessorTime.now();
        ProcessUsage.parkUntil(begin + job.window().toNanos());
        long cpu = ProcessorTime.now().nanosSince(before);
        long wall = System.nanoTime() - begin;
        int furtherThreads = ProcessUsage.clientThreads(0) - threadsOfOne;
        start.await();
        long lost = 0;
        while (!held.isEmpty()) {
            lost += giveBack(held.pop()) ? 0 : 1;
        }
        return new Measurement(List.of((long) job.locks()), job.locks(), waits, cpu, wall, furtherThreads, 0, lost, 0);
    }

    private static Contender.Held hold(Contender contender, String key, Histogram waits) {
        long askedAt = System.nanoTime();
        Contender.Held lock = contender.hold(key);
        waits.recordValue(Math.min(System.nanoTime() - askedAt, Measurement.LONGEST_NANOS));
        return lock;
    }

    /** Tells whether the lock was still held. To know, some peers ask Redis. */
    private static boolean giveBack(Contender.Held lock) {
        boolean held = lock.isHeld();
        try {
            lock.close();
            return held;
        } catch (RuntimeException ex) {
            return false;
        }
    }

    private static String key(Job job, int lock) {
        return job.run() + Job.HELD + job.worker() + '-' + lock;
    }
}
