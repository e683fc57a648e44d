package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.scheduledjobs.probe.Call;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.ShowException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches the ticks that are counted, shows what came of each, and kills a process on the way. Used by one thread. */
final class Ticks {

    private final ChildProcesses processes;

    private final Journal journal;

    private final long firstTick;

    private final long endTick;

    private final long killTick;

    private final PrintStream out;

    private @Nullable Kill kill;

    Ticks(
            ScheduledJobsProperties properties,
            ChildProcesses processes,
            Journal journal,
            long firstTick,
            PrintStream out) {
        this.processes = processes;
        this.journal = journal;
        this.firstTick = firstTick;
        this.endTick = firstTick + properties.ticks();
        this.killTick = properties.killInTick() == 0 ? this.endTick : firstTick + properties.killInTick() - 1;
        this.out = out;
    }

    /** Returns when all processes have come past the last tick, with what has been killed. */
    @Nullable Kill watch() {
        Calls calls = new Calls(this.processes);
        Set<Integer> past = new HashSet<>();
        long shown = this.firstTick;
        while (past.size() < this.processes.alive()) {
            Call call = calls.next();
            for (; shown < Math.min(call.tick(), this.endTick); shown++) {
                show(shown);
            }
            if (call.tick() >= this.endTick) {
                past.add(call.process());
            } else if (call.tick() >= this.firstTick) {
                if (call.failed()) {
                    throw new ShowException("process " + call.process() + ": " + call.error());
                }
                this.journal.add(call);
                killAfter(call);
            }
        }
        return this.kill;
    }

    private void killAfter(Call call) {
        if (this.kill == null && call.kind() == ReportKind.WITH_LOCK && call.tick() == this.killTick) {
            int process = call.process();
            if (this.journal.result(call.kind(), call.tick()).writers().contains(process)) {
                this.processes.kill(process);
                this.kill = new Kill(call.tick(), process, System.currentTimeMillis());
            }
        }
    }

    private void show(long tick) {
        TickResult withoutLock = this.journal.result(ReportKind.WITHOUT_LOCK, tick);
        TickResult withLock = this.journal.result(ReportKind.WITH_LOCK, tick);
        this.out.printf(
                "  tick %2d   without lock: run by %s   with @DistributedLock: run by %s, %d skipped%s%n",
                tick - this.firstTick + 1,
                withoutLock.writers(),
                withLock.writers(),
                withLock.skipped(),
                this.kill != null && this.kill.tick() == tick ? ", process " + this.kill.process() + " killed" : "");
    }
}
