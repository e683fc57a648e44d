package io.github.lockspring.samples.scheduledjobs.show;

import java.util.List;

/**
 * What came of one tick, with or without lock.
 *
 * @param writers processes that have run the job, as Redis says
 * @param calls how many processes were called by their schedules
 * @param driftMillis time from the first of these calls to the last one
 */
record TickResult(List<Integer> writers, int calls, long driftMillis) {

    int skipped() {
        return Math.max(0, this.calls - this.writers.size());
    }
}
