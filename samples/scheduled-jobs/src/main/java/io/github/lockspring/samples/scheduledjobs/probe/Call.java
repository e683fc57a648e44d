package io.github.lockspring.samples.scheduledjobs.probe;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.support.ProcessEvent;

/**
 * A call of the job by the schedule of a process, whether the job ran or was skipped.
 *
 * @param kind what was called
 * @param tick which tick it was for
 * @param process which process was called
 * @param startedMillis when, by the clock of the machine, as {@link System#currentTimeMillis()}
 * @param error what it threw, empty if nothing
 */
public record Call(ReportKind kind, long tick, int process, long startedMillis, String error) {

    private static final String CALLED = "CALLED";

    public boolean failed() {
        return !this.error.isEmpty();
    }

    ProcessEvent toEvent() {
        return new ProcessEvent(
                CALLED, this.startedMillis, this.kind + " " + this.tick + " " + this.process + " " + this.error);
    }

    public static boolean isIn(ProcessEvent event) {
        return event.is(CALLED);
    }

    public static Call of(ProcessEvent event) {
        String[] parts = event.detail().split(" ", 4);
        return new Call(
                ReportKind.valueOf(parts[0]),
                Long.parseLong(parts[1]),
                Integer.parseInt(parts[2]),
                event.number(),
                parts[3]);
    }
}
