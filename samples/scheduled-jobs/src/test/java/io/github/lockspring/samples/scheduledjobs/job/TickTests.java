package io.github.lockspring.samples.scheduledjobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TickTests {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:10Z");

    @Test
    void isTheSameForTimersThatAreEarlyOrLate() {
        long tick = Tick.nearest(BEGIN);
        assertThat(Tick.nearest(BEGIN.minusMillis(2))).isEqualTo(tick);
        assertThat(Tick.nearest(BEGIN.plusMillis(999))).isEqualTo(tick);
        assertThat(Tick.nearest(BEGIN.plusSeconds(2))).isEqualTo(tick + 1);
    }
}
