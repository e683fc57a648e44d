package io.github.lockspring.samples.flashsale.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.support.Waits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTests {

    private static final PassResult OVERSOLD = result(Pass.WITHOUT_LOCK, 12, 3, 0);

    @Test
    void findsNothingWrongWithOversoldAndThenExactlySoldOut() {
        assertThat(complaints(OVERSOLD, result(Pass.WITH_LOCK, 10, 0, 0))).isEmpty();
    }

    @Test
    void wantsTheProblemShown() {
        assertThat(complaints(result(Pass.WITHOUT_LOCK, 10, 0, 0), result(Pass.WITH_LOCK, 10, 0, 0)))
                .singleElement()
                .asString()
                .contains("proves nothing");
    }

    @Test
    void toleratesNothingOversoldWithTheLock() {
        assertThat(complaints(OVERSOLD, result(Pass.WITH_LOCK, 11, 0, 0)))
                .singleElement()
                .asString()
                .contains("1 pieces too many");
    }

    @Test
    void wantsEverythingSoldWithTheLock() {
        assertThat(complaints(OVERSOLD, result(Pass.WITH_LOCK, 9, 1, 0))).hasSize(2);
    }

    @Test
    void toleratesNoStaleWriteWithTheLock() {
        assertThat(complaints(OVERSOLD, result(Pass.WITH_LOCK, 10, 0, 1))).hasSize(1);
    }

    private static List<String> complaints(PassResult withoutLock, PassResult withLock) {
        return Verdict.of(withoutLock, withLock).complaints();
    }

    private static PassResult result(Pass pass, int sold, int stockLeft, int staleWrites) {
        return new PassResult(pass, 10, sold, stockLeft, staleWrites, Duration.ofSeconds(1), new Waits(List.of()));
    }
}
