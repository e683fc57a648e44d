package io.github.lockspring.samples.scheduledjobs.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.scheduledjobs.probe.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

class KillTests {

    @Test
    void countsOthersThatWereCalledAfterItInTheSameTick() {
        List<Call> calls = List.of(
                new Call(ReportKind.WITH_LOCK, 7, 1, 1000, ""),
                new Call(ReportKind.WITH_LOCK, 7, 2, 1009, ""),
                new Call(ReportKind.WITHOUT_LOCK, 7, 2, 1200, ""),
                new Call(ReportKind.WITH_LOCK, 7, 3, 1400, ""),
                new Call(ReportKind.WITH_LOCK, 8, 2, 3200, ""));
        assertThat(new Kill(7, 1, 1010).calledAfterwards(calls)).containsExactly(3);
    }
}
