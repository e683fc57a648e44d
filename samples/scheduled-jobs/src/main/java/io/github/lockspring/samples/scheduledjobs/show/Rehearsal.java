package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.scheduledjobs.probe.Call;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.ShowException;
import java.time.Duration;

/**
 * Ticks before any is counted, in which connections open and classes load. They take longer where other programs keep
 * the machine busy, so the rehearsal goes on until the schedules of all processes keep time.
 */
final class Rehearsal {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final ChildProcesses processes;

    private final Journal journal;

    Rehearsal(ChildProcesses processes, Journal journal) {
        this.processes = processes;
        this.journal = journal;
    }

    /** Returns the first tick in which everything went as it has to go, once it is over. */
    long lastTick() {
        Calls calls = new Calls(this.processes);
        long start = System.nanoTime();
        while (System.nanoTime() - start < LIMIT.toNanos()) {
            Call call = calls.next();
            if (!call.failed()) {
                this.journal.add(call);
                if (call.kind() == ReportKind.WITH_LOCK && keptTime(call.tick())) {
                    return call.tick();
                }
            }
        }
        throw new ShowException("The processes did not keep time for " + LIMIT.toSeconds()
                + " s: the machine is too busy for this sample");
    }

    private boolean keptTime(long tick) {
        TickResult result = this.journal.result(ReportKind.WITH_LOCK, tick);
        return result.calls() == this.processes.size()
                && result.driftMillis() < ScheduledJobsProperties.HOLD_AT_LEAST.toMillis();
    }
}
