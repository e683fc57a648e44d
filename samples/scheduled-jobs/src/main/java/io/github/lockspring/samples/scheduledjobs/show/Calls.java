package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.probe.Call;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.ProcessEvent;
import io.github.lockspring.samples.support.ShowException;
import java.time.Duration;

/** The calls that the schedules of all processes make, as they come. */
final class Calls {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChildProcesses processes;

    Calls(ChildProcesses processes) {
        this.processes = processes;
    }

    Call next() {
        ProcessEvent event;
        do {
            event = this.processes.next(PATIENCE);
            if (event == null) {
                throw new ShowException("No schedule has called for " + PATIENCE.toSeconds() + " s");
            }
        } while (!Call.isIn(event));
        return Call.of(event);
    }
}
