package io.github.lockspring.benchmarks.worker;

import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/** What this process has used. */
final class ProcessUsage {

    /** Threads that every worker has without any client, counted before one is opened. */
    private static final int OWN_THREADS = threads();

    private ProcessUsage() {}

    /** How long threads have compiled so far, in milliseconds. */
    static long compileMillis() {
        return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    }

    static int clientThreads(int callers) {
        return threads() - OWN_THREADS - callers;
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** What the heap has after a collection, in bytes. */
    static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Has the count of own threads taken. */
    static void begin() {
        // the class is initialized now
    }

    static void parkUntil(long nanoTime) {
        while (nanoTime - System.nanoTime() > 0) {
            LockSupport.parkNanos(nanoTime - System.nanoTime());
        }
    }
}
