package io.github.lockspring.process;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Uses many different keys, each by two threads that meet now and then, and tells what the process uses then. */
final class ManyKeys {

    private static final int THREADS = 8;

    private final ExclusiveWork work;

    private int round;

    ManyKeys(ExclusiveWork work) {
        this.work = work;
    }

    void use(int keys) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        this.round++;
        for (int thread = 0; thread < THREADS; thread++) {
            int pair = thread / 2;
            threads.execute(() -> {
                for (int key = pair; key < keys; key += THREADS / 2) {
                    this.work.await("round-" + this.round + "-key-" + key, () -> {});
                }
            });
        }
        threads.shutdown();
        try {
            if (!threads.awaitTermination(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Still at it");
            }
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Returns bytes of heap and number of threads that the process uses. */
    static String usage() {
        return heap() + " " + ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
