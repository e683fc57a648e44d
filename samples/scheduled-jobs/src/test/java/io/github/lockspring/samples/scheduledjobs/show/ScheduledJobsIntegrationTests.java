package io.github.lockspring.samples.scheduledjobs.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.support.SampleRun;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class ScheduledJobsIntegrationTests {

    /** Tick, who has run it with the lock, how many skipped it, and who was killed. */
    private static final Pattern TICK = Pattern.compile(
            "tick +(\\d+) .*with @DistributedLock: run by \\[(\\d)], (\\d) skipped(?:, process (\\d) killed)?\n");

    /** The second of four ticks is that after which its process is killed. */
    @Test
    void runsEachTickOnceAlsoWhenTheProcessThatRanItIsKilled() throws Exception {
        try (SampleRun schedule = new SampleRun("--scheduled-jobs.ticks=4", "--scheduled-jobs.kill-in-tick=2")) {
            assertThat(schedule.exitCode()).as(schedule.output()).isZero();
            assertThat(schedule.figures("without lock", 3).get(2)).isPositive();
            assertThat(schedule.figures("with @DistributedLock", 4)).containsExactly(4, 4, 0, 0);

            List<MatchResult> ticks = TICK.matcher(schedule.output()).results().toList();
            assertThat(ticks).as(schedule.output()).hasSize(4);
            String killed = ticks.get(1).group(4);
            assertThat(killed).isEqualTo(ticks.get(1).group(2));
            assertThat(ticks.get(1).group(3)).as("others that skipped the tick").isEqualTo("2");
            assertThat(ticks.get(2).group(2)).as("who ran the next tick").isNotEqualTo(killed);
            assertThat(schedule.output())
                    .containsPattern("processes \\[[\\d, ]+], called after that, skipped this tick");
        }
    }

    @Test
    void failsWhenTheLockDoesNotOutliveTheJob() throws Exception {
        try (SampleRun schedule = new SampleRun(
                "--distributed-lock.locks.report.hold-at-least=0s",
                "--scheduled-jobs.processes=2",
                "--scheduled-jobs.ticks=1",
                "--scheduled-jobs.kill-in-tick=0")) {
            assertThat(schedule.exitCode()).as(schedule.output()).isEqualTo(1);
            assertThat(schedule.figures("with @DistributedLock", 4)).containsExactly(1, 2, 1, 0);
            assertThat(schedule.output()).contains("NOT AS PROMISED", "hold-at-least too short");
        }
    }
}
