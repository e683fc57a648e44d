package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Holds locks of its own, and does nothing but let their leases be renewed. Threads are those that came with the second lock and after. */
final class HeldLoad implements Load {

    @Override
    public Measurement run(Job job, Contender contender, Arena arena, StartSignal start) throws InterruptedException {
        Deque<Contender.Held> held = new ArrayDeque<>();
        held.push(contender.hold(key(job, 0)));
        int threadsOfOne = ProcessUsage.clientThreads(0);
        for (int i = 1; i < job.locks(); i++) {
            held.push(contender.hold(key(job, i)));
        }
        long begin = start.await();
        ProcessUsage.parkUntil(begin);
        ProcessorTime before = ProcessorTime.now();
        ProcessUsage.parkUntil(begin + job.window().toNanos());
        long cpu = ProcessorTime.now().nanosSince(before);
        long wall = System.nanoTime() - begin;
        int furtherThreads = ProcessUsage.clientThreads(0) - threadsOfOne;
        long lost = held.stream().filter(lock -> !lock.isHeld()).count();
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (RuntimeException ex) {
                lost++;
            }
        }
        return new Measurement(
                List.of((long) job.locks()), job.locks(), Measurement.times(), cpu, wall, furtherThreads, 0, lost);
    }

    private static String key(Job job, int lock) {
        return job.run() + "-held-" + job.worker() + '-' + lock;
    }
}
