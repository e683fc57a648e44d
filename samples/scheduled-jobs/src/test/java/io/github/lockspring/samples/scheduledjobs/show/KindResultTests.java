package io.github.lockspring.samples.scheduledjobs.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindResultTests {

    private final KindResult result = new KindResult(
            ReportKind.WITH_LOCK,
            List.of(
                    new TickResult(List.of(1), 3, 410),
                    new TickResult(List.of(1, 3), 3, 500),
                    new TickResult(List.of(), 2, 250)));

    @Test
    void countsRunsPerTick() {
        assertThat(this.result.runs()).isEqualTo(3);
        assertThat(this.result.runMoreThanOnce()).isEqualTo(1);
        assertThat(this.result.notRun()).isEqualTo(1);
    }

    @Test
    void countsCallsThatDidNotRunTheJob() {
        assertThat(this.result.skipped()).isEqualTo(2 + 1 + 2);
    }

    @Test
    void knowsHowFarSchedulesWereApart() {
        assertThat(this.result.driftMillis()).isEqualTo(500);
    }
}
