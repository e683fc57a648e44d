package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.ReportJob;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationStyle;

/**
 * Size of the show.
 *
 * @param processes JVMs with the schedule
 * @param ticks how many ticks are counted
 * @param drift how far the clock of each process is behind that of the one before
 * @param killInTick after which tick, counted from 1, the process that has run it is killed; 0 for none
 */
@ConfigurationProperties("scheduled-jobs")
record ScheduledJobsProperties(int processes, int ticks, Duration drift, int killInTick) {

    static final Duration HOLD_AT_LEAST = DurationStyle.detectAndParse(ReportJob.HOLD_AT_LEAST);

    ScheduledJobsProperties {
        check(processes > 1, "scheduled-jobs.processes must be at least 2, or nothing runs twice");
        check(ticks > 0, "scheduled-jobs.ticks must be at least 1");
        check(
                !drift.isNegative() && drift.multipliedBy(processes - 1L).compareTo(HOLD_AT_LEAST) < 0,
                "scheduled-jobs.drift must be less than " + HOLD_AT_LEAST.toMillis()
                        + " ms for all processes together: that is the time the lock is held at least");
        check(
                killInTick >= 0 && killInTick < ticks,
                "scheduled-jobs.kill-in-tick must be less than scheduled-jobs.ticks: the next tick is counted, too");
    }

    private static void check(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }
}
