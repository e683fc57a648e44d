package io.github.lockspring.samples.cacherefresh.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.cacherefresh.load.HitCount;
import io.github.lockspring.samples.cacherefresh.load.Pass;
import io.github.lockspring.samples.support.Waits;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTests {

    private static final HitCount HITS = new HitCount(100, 20, 0);

    private static final PassResult WITHOUT_LOCK = result(Pass.WITHOUT_LOCK, 30, 0, 0, HITS);

    private static final PassResult WAIT = result(Pass.WAIT, 10, 5, 0, HITS);

    private static final PassResult TAKE_OLD = result(Pass.TAKE_OLD, 10, 0, 7, HITS);

    @Test
    void findsNothingWrongWithOneRebuildPerValue() {
        assertThat(complaints(WITHOUT_LOCK, WAIT, TAKE_OLD)).isEmpty();
        assertThat(new Verdict(WITHOUT_LOCK, WAIT, TAKE_OLD).conclusion().success())
                .contains("30 rebuilds made 10 values", "none of the 200 hits");
    }

    @Test
    void wantsTheProblemShown() {
        assertThat(complaints(result(Pass.WITHOUT_LOCK, 10, 0, 0, HITS), WAIT, TAKE_OLD))
                .singleElement()
                .asString()
                .contains("proves nothing");
    }

    @Test
    void toleratesNoNeedlessRebuildWithTheLock() {
        assertThat(complaints(WITHOUT_LOCK, result(Pass.WAIT, 11, 5, 0, HITS), TAKE_OLD))
                .singleElement()
                .asString()
                .contains("11 rebuilds made 10 values");
        assertThat(complaints(WITHOUT_LOCK, WAIT, result(Pass.TAKE_OLD, 11, 0, 7, HITS)))
                .hasSize(1);
    }

    @Test
    void toleratesNoLockOnAHit() {
        assertThat(complaints(WITHOUT_LOCK, WAIT, result(Pass.TAKE_OLD, 10, 0, 7, new HitCount(100, 20, 2))))
                .singleElement()
                .asString()
                .contains("2 locks were asked for during hits");
    }

    @Test
    void wantsOthersToWaitOrToTakeTheOldValue() {
        assertThat(complaints(WITHOUT_LOCK, result(Pass.WAIT, 10, 0, 0, HITS), TAKE_OLD))
                .hasSize(1);
        assertThat(complaints(WITHOUT_LOCK, result(Pass.WAIT, 10, 5, 1, HITS), TAKE_OLD))
                .hasSize(1);
        assertThat(complaints(WITHOUT_LOCK, WAIT, result(Pass.TAKE_OLD, 10, 0, 0, HITS)))
                .hasSize(1);
    }

    private static List<String> complaints(PassResult withoutLock, PassResult wait, PassResult takeOld) {
        return new Verdict(withoutLock, wait, takeOld).conclusion().complaints();
    }

    private static PassResult result(Pass pass, int rebuilds, int awaited, int stale, HitCount hits) {
        return new PassResult(pass, 10, rebuilds, awaited, stale, hits, new Waits(List.of()));
    }
}
