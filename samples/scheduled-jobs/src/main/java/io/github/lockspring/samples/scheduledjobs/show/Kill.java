package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.scheduledjobs.probe.Call;
import java.util.List;

/**
 * The end of a process that had just run the job.
 *
 * @param tick the tick that it had run the job of
 * @param process which process
 * @param endedMillis when it was no more, by the clock of the machine
 */
record Kill(long tick, int process, long endedMillis) {

    /** Which other processes were called after that, in the same tick and for the job with the lock. */
    List<Integer> calledAfterwards(List<Call> calls) {
        return calls.stream()
                .filter(call -> call.kind() == ReportKind.WITH_LOCK && call.tick() == this.tick)
                .filter(call -> call.process() != this.process && call.startedMillis() >= this.endedMillis)
                .map(Call::process)
                .sorted()
                .toList();
    }
}
