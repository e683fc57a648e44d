package io.github.lockspring.samples.scheduledjobs.job;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Writes a report per tick of the schedule, which all processes have. It takes about a millisecond, and their clocks
 * are not exactly the same: when the second process is called, the first one has long finished.
 */
@Service
public class ReportJob {

    /** Longer than schedules drift apart, and shorter than a tick by more than that. */
    public static final String HOLD_AT_LEAST = "1s";

    private static final String EVERY_TWO_SECONDS = "*/2 * * * * *";

    private final Reports reports;

    private final Clock clock;

    private final int process;

    ReportJob(Reports reports, Clock clock, @Value("${scheduled-jobs.process}") int process) {
        this.reports = reports;
        this.clock = clock;
        this.process = process;
    }

    /** Runs in every process. */
    @Scheduled(cron = EVERY_TWO_SECONDS)
    public void writeReportWithoutLock() {
        this.reports.write(ReportKind.WITHOUT_LOCK, Tick.nearest(this.clock.instant()), this.process);
    }

    /**
     * Runs in the process that is called first. The lock outlives the method, and also its process, so that the others
     * find it taken and skip this tick, and is over before the next one.
     */
    @Scheduled(cron = EVERY_TWO_SECONDS)
    @DistributedLock(name = "report", holdAtLeast = HOLD_AT_LEAST, onContention = OnContention.SKIP)
    public void writeReport() {
        this.reports.write(ReportKind.WITH_LOCK, Tick.nearest(this.clock.instant()), this.process);
    }
}
