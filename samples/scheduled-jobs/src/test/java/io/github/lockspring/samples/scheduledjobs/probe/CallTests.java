package io.github.lockspring.samples.scheduledjobs.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import org.junit.jupiter.api.Test;

class CallTests {

    @Test
    void arrivesAsItWasSent() {
        Call call = new Call(ReportKind.WITH_LOCK, 7, 2, 1234, "");
        assertThat(Call.isIn(call.toEvent())).isTrue();
        assertThat(Call.of(call.toEvent())).isEqualTo(call);
    }

    @Test
    void arrivesWithWhatItThrew() {
        Call call = new Call(ReportKind.WITHOUT_LOCK, 7, 2, 1234, "java.lang.IllegalStateException: no Redis");
        assertThat(Call.of(call.toEvent())).isEqualTo(call);
        assertThat(call.failed()).isTrue();
    }
}
