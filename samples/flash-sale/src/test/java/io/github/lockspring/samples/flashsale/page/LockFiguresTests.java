package io.github.lockspring.samples.flashsale.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.flashsale.load.LockReport;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LockFiguresTests {

    private static final long TOKEN = (1L << 61) + 1;

    @Test
    void addsUpWhatProcessesReport() {
        LockFigures figures = LockFigures.of(
                "stock:book",
                3,
                Map.of(
                        1, new LockReport("stock:book", 10, 6, 3, 2, TOKEN, "seller-4", false),
                        3, new LockReport("stock:book", 20, 8, 4, 1, TOKEN + 1, "seller-2", true)));
        assertThat(figures.acquired()).isEqualTo(30);
        assertThat(figures.handOffs()).isEqualTo(14);
        assertThat(figures.handOvers()).isEqualTo(7);
        assertThat(figures.processes())
                .containsExactly(
                        new LockFigures.Share(10, 6, 3, 2), LockFigures.Share.NONE, new LockFigures.Share(20, 8, 4, 1));
    }

    @Test
    void namesTheHolderWithTheLargestFencingTokenToTheLastDigit() {
        LockFigures figures = LockFigures.of(
                "stock:book",
                2,
                Map.of(
                        1, new LockReport("stock:book", 1, 0, 0, 0, TOKEN + 1, "seller-4", false),
                        2, new LockReport("stock:book", 1, 0, 0, 0, TOKEN, "seller-2", true)));
        assertThat(figures.holder()).isEqualTo(new LockFigures.Holder(1, "seller-4", "2305843009213693954", false));
    }

    @Test
    void namesNoHolderBeforeTheFirstHold() {
        LockReport report = new LockReport("stock:book", 0, 0, 0, 4, 0, "", false);
        assertThat(LockFigures.of("stock:book", 1, Map.of(1, report)).holder()).isNull();
    }
}
