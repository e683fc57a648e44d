package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Threads that lock and unlock as often as they can. */
final class ThroughputLoad implements Load {

    @Override
    public Measurement run(Job job, Contender contender, Arena arena, StartSignal start) throws InterruptedException {
        long begin = start.await();
        List<Caller> callers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < job.threads(); i++) {
            int number = job.worker() * job.threads() + i;
            boolean own = job.locks() == 0;
            Caller caller = new Caller(contender, arena, number, keys(job, number), own ? number : 0, job, begin);
            callers.add(caller);
            threads.add(new Thread(caller, "caller-" + number));
        }
        threads.forEach(Thread::start);
        ProcessUsage.parkUntil(begin);
        ProcessorTime before = ProcessorTime.now();
        ProcessUsage.parkUntil(begin + job.window().toNanos() * 3 / 4);
        int clientThreads = ProcessUsage.clientThreads(job.threads());
        for (Thread thread : threads) {
            thread.join();
        }
        // the callers have ended: only the figure of the whole process has what they used
        long cpu = ProcessorTime.now().nanosSince(before);
        long wall = System.nanoTime() - begin;
        return sum(callers, cpu, wall, clientThreads);
    }

    private static String[] keys(Job job, int caller) {
        if (job.locks() == 0) {
            return new String[] {job.run() + "-own-" + caller};
        }
        String[] keys = new String[job.locks()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = job.run() + "-shared-" + i;
        }
        return keys;
    }

    private static Measurement sum(List<Caller> callers, long cpu, long wall, int clientThreads) {
        Histogram waits = Measurement.times();
        callers.forEach(caller -> waits.add(caller.waits()));
        return new Measurement(
                callers.stream().map(Caller::inWindow).toList(),
                callers.stream().mapToLong(Caller::total).sum(),
                waits,
                cpu,
                wall,
                clientThreads,
                callers.stream().mapToLong(Caller::violations).sum(),
                callers.stream().mapToLong(Caller::errors).sum(),
                0);
    }
}
