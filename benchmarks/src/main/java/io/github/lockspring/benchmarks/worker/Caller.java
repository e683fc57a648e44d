package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One thread that locks and unlocks as often as it can. */
final class Caller implements Runnable {

    private final Arena arena;

    private final long id;

    private final List<Contender.Locking> locks;

    private final int firstSlot;

    private final long workNanos;

    private final long start;

    private final long end;

    private final Histogram waits = Measurement.times();

    private long askedAt;

    private int slot;

    private long inWindow;

    private long total;

    private long violations;

    private long errors;

    /**
     * Creates a caller.
     *
     * @param number of this thread among all of the run, from 0
     * @param firstSlot place of the first key in the arena
     */
    Caller(Contender contender, Arena arena, int number, String[] keys, int firstSlot, Job job, long start) {
        this.arena = arena;
        this.id = number + 1L;
        this.locks = Arrays.stream(keys).map(contender::locking).toList();
        this.firstSlot = firstSlot;
        this.workNanos = job.work().toNanos();
        this.start = start;
        this.end = start + job.window().toNanos();
    }

    @Override
    public void run() {
        ProcessUsage.parkUntil(this.start);
        long now = System.nanoTime();
        while (now - this.end < 0) {
            boolean done = lockOnce(now);
            now = System.nanoTime();
            if (done && now - this.end <= 0) {
                this.inWindow++;
            }
        }
    }

    private boolean lockOnce(long now) {
        int index = this.locks.size() == 1 ? 0 : ThreadLocalRandom.current().nextInt(this.locks.size());
        this.slot = this.firstSlot + index;
        this.askedAt = now;
        try {
            this.locks.get(index).run(this::inside);
            return true;
        } catch (RuntimeException ex) {
            this.errors++;
            if (this.errors == 1) {
                System.err.println(Thread.currentThread().getName() + ": " + ex);
            }
            return false;
        }
    }

    private void inside(long fencingToken) {
        this.waits.recordValue(Math.min(System.nanoTime() - this.askedAt, Measurement.LONGEST_NANOS));
        this.total++;
        this.violations += this.arena.enter(this.slot, this.id, fencingToken);
        if (this.workNanos > 0) {
            LockSupport.parkNanos(this.workNanos);
        }
        this.violations += this.arena.leave(this.slot, this.id);
    }

    // read once the thread has ended

    Histogram waits() {
        return this.waits;
    }

    long inWindow() {
        return this.inWindow;
    }

    long total() {
        return this.total;
    }

    long violations() {
        return this.violations;
    }

    long errors() {
        return this.errors;
    }
}
