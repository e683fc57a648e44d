package io.github.lockspring.samples.scheduledjobs.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerdictTests {

    private static final KindResult TWICE = result(500, List.of(1, 2), List.of(1, 2));

    private static final KindResult ONCE = result(500, List.of(1), List.of(2));

    private static final Kill KILL = new Kill(7, 1, 1010);

    @Test
    void findsNothingWrongWithOneRunPerTick() {
        assertThat(complaints(KILL, List.of(2, 3), TWICE, ONCE)).isEmpty();
        assertThat(new Verdict(1, KILL, List.of(2, 3)).of(TWICE, ONCE).success())
                .contains("Process 1 was killed", "processes [2, 3], called after that", "run by process [2]");
    }

    @Test
    void wantsTheProblemShown() {
        assertThat(complaints(KILL, List.of(2), ONCE, ONCE))
                .singleElement()
                .asString()
                .contains("proves nothing");
    }

    @Test
    void toleratesNoTickRunTwiceWithTheLock() {
        assertThat(complaints(KILL, List.of(2), TWICE, TWICE))
                .singleElement()
                .asString()
                .contains("2 ticks were run more than once", "hold-at-least");
    }

    @Test
    void blamesTheMachineForSchedulesThatAreTooFarApart() {
        assertThat(complaints(KILL, List.of(2), TWICE, result(1000, List.of(1, 3), List.of(2))))
                .singleElement()
                .asString()
                .contains("1000 ms apart", "too busy");
    }

    @Test
    void wantsEveryTickRunWithTheLock() {
        assertThat(complaints(KILL, List.of(2), TWICE, result(500, List.of(1), List.of())))
                .singleElement()
                .asString()
                .contains("1 ticks were not run");
    }

    @Test
    void wantsAProcessKilledBeforeOthersAreCalled() {
        assertThat(complaints(null, List.of(), TWICE, ONCE))
                .singleElement()
                .asString()
                .contains("No process was killed");
        assertThat(complaints(KILL, List.of(), TWICE, ONCE))
                .singleElement()
                .asString()
                .contains("does not show");
    }

    @Test
    void wantsNoKillThatWasNotAskedFor() {
        assertThat(new Verdict(0, null, List.of()).of(TWICE, ONCE).complaints()).isEmpty();
    }

    private static List<String> complaints(
            @Nullable Kill kill, List<Integer> calledAfterKill, KindResult withoutLock, KindResult withLock) {
        return new Verdict(1, kill, calledAfterKill).of(withoutLock, withLock).complaints();
    }

    @SafeVarargs
    private static KindResult result(long driftMillis, List<Integer>... writers) {
        List<TickResult> ticks = Arrays.stream(writers)
                .map(each -> new TickResult(each, 3, driftMillis))
                .toList();
        return new KindResult(ReportKind.WITH_LOCK, ticks);
    }
}
