package io.github.lockspring.benchmarks.worker;

/** The start that all workers of a run share. */
@FunctionalInterface
interface StartSignal {

    /** Says that this worker is ready and returns when all begin, in {@link System#nanoTime()} of this machine. */
    long await() throws InterruptedException;
}
