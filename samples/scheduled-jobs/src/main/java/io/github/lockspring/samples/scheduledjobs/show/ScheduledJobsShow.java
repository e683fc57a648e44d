package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.scheduledjobs.job.Reports;
import io.github.lockspring.samples.scheduledjobs.job.Tick;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.Conclusion;
import io.github.lockspring.samples.support.SharedServer;
import io.github.lockspring.samples.support.Show;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the schedules of all processes run for some ticks, and compares both jobs. */
final class ScheduledJobsShow extends Show {

    private final ScheduledJobsProperties properties;

    private final SharedServer redis;

    private final Reports reports;

    private final ChildProcesses processes;

    ScheduledJobsShow(
            ScheduledJobsProperties properties, SharedServer redis, Reports reports, ChildProcesses processes) {
        super("The schedule");
        this.properties = properties;
        this.redis = redis;
        this.reports = reports;
        this.processes = processes;
    }

    @Override
    protected Conclusion play(List<String> arguments, PrintStream out) {
        open(arguments, out);
        Journal journal = new Journal(this.reports);
        long firstTick = new Rehearsal(this.processes, journal).lastTick() + 1;
        Ticks ticks = new Ticks(this.properties, this.processes, journal, firstTick, out);
        out.printf("%nOne job without lock and one with @DistributedLock, in the same schedule%n");
        @Nullable Kill kill = ticks.watch();
        KindResult withoutLock = journal.result(ReportKind.WITHOUT_LOCK, firstTick, this.properties.ticks());
        KindResult withLock = journal.result(ReportKind.WITH_LOCK, firstTick, this.properties.ticks());
        out.printf("%n%s%n%n", KindResult.table(List.of(withoutLock, withLock)));
        List<Integer> calledAfterKill = kill == null ? List.of() : kill.calledAfterwards(journal.calls());
        return new Verdict(this.properties.killInTick(), kill, calledAfterKill).of(withoutLock, withLock);
    }

    private void open(List<String> arguments, PrintStream out) {
        out.printf(
                "Scheduled jobs: %d processes with the same schedule, a tick every %d s, each clock %d ms behind the"
                        + " one before%n",
                this.properties.processes(),
                Tick.PERIOD.toSeconds(),
                this.properties.drift().toMillis());
        out.printf("  Redis      %s%n", this.redis.description());
        String started = this.processes.start(this.properties.processes(), number -> jobArguments(arguments, number));
        out.printf("  processes  %s%n", started);
    }

    private List<String> jobArguments(List<String> arguments, int number) {
        Duration behind = this.properties.drift().multipliedBy(number - 1L);
        List<String> all = new ArrayList<>(arguments);
        all.addAll(this.redis.arguments());
        all.add("--scheduled-jobs.process=" + number);
        all.add("--scheduled-jobs.behind=" + behind.toMillis() + "ms");
        all.add(ScheduledJobsApplication.JOB);
        return all;
    }
}
