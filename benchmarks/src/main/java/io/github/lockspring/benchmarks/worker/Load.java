package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;

/** One kind of work. */
interface Load {

    /**
     * Gets ready, waits for the start that all workers share, works, and tells what it saw.
     *
     * @param job how much of it
     * @param contender the lock
     * @param arena memory shared with the other workers
     * @param start tells that this worker is ready, and when all begin
     * @return the figures of this worker
     */
    Measurement run(Job job, Contender contender, Arena arena, StartSignal start) throws InterruptedException;
}
