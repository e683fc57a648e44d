package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Two processes give one lock to and fro. Each releases it only after the other has waited for a while, of random length
 * so that polls fall anywhere, and asks again only after the other has got it. What is timed is from just before the
 * release to holding it in the other process.
 */
final class HandOverLoad implements Load {

    private static final int SLOT = 0;

    private static final long SETTLE_AT_LEAST = 2_000_000;

    /** As long as the longest pause between two polls of the peers. */
    private static final long SETTLE_SPREAD = 100_000_000;

    @Override
    public Measurement run(Job job, Contender contender, Arena arena, StartSignal start) throws InterruptedException {
        long begin = start.await();
        Side side = new Side(job, contender, arena, begin + job.window().toNanos());
        ProcessUsage.parkUntil(begin);
        ProcessorTime before = ProcessorTime.now();
        while (!side.over()) {
            side.giveOnce();
        }
        long cpu = ProcessorTime.now().nanosSince(before);
        long wall = System.nanoTime() - begin;
        return new Measurement(
                List.of(side.waits.getTotalCount()),
                side.entered,
                side.waits,
                cpu,
                wall,
                ProcessUsage.clientThreads(0),
                side.violations,
                side.errors,
                0);
    }

    /** One of the two. */
    private static final class Side {

        private final Contender.Locking lock;

        private final Arena arena;

        private final int me;

        private final int other;

        private final long end;

        private final Histogram waits = Measurement.times();

        private long entered;

        private long violations;

        private long errors;

        Side(Job job, Contender contender, Arena arena, long end) {
            this.lock = contender.locking(job.run() + "-to-and-fro");
            this.arena = arena;
            this.me = job.worker();
            this.other = 1 - this.me;
            this.end = end;
        }

        boolean over() {
            return System.nanoTime() - this.end >= 0;
        }

        void giveOnce() {
            this.arena.waiting(this.me, true);
            try {
                this.lock.run(this::inside);
            } catch (RuntimeException ex) {
                this.errors++;
                if (this.errors == 1) {
                    System.err.println("hand-over: " + ex);
                }
            }
            while (this.arena.releasedBy(SLOT) == this.me && this.arena.isWaiting(this.other) && !over()) {
                LockSupport.parkNanos(500_000);
            }
        }

        private void inside(long fencingToken) {
            long now = System.nanoTime();
            this.arena.waiting(this.me, false);
            if (this.arena.releasedBy(SLOT) == this.other) {
                this.waits.recordValue(now - this.arena.releasedAt(SLOT));
            }
            this.entered++;
            this.violations += this.arena.enter(SLOT, this.me + 1L, fencingToken);
            while (!this.arena.isWaiting(this.other) && !over()) {
                LockSupport.parkNanos(200_000);
            }
            LockSupport.parkNanos(SETTLE_AT_LEAST + ThreadLocalRandom.current().nextLong(SETTLE_SPREAD));
            this.violations += this.arena.leave(SLOT, this.me + 1L);
            this.arena.released(SLOT, this.me, System.nanoTime());
        }
    }
}
