package io.github.lockspring.samples.flashsale.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.samples.support.SampleRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class FlashSaleIntegrationTests {

    private static final int STOCK = 40;

    @Test
    void oversellsWithoutLockAndSellsOutExactlyWithIt() throws Exception {
        try (SampleRun sale =
                new SampleRun("--flash-sale.stock=" + STOCK, "--flash-sale.customers=150", "--flash-sale.threads=3")) {
            assertThat(sale.exitCode()).as(sale.output()).isZero();
            List<Integer> withoutLock = sale.figures("without lock", 4);
            assertThat(withoutLock.get(0)).isEqualTo(STOCK);
            assertThat(withoutLock.get(1)).isGreaterThan(STOCK);
            assertThat(withoutLock.get(2)).isEqualTo(withoutLock.get(1) - STOCK);
            assertThat(sale.figures("with @DistributedLock", 4)).containsExactly(STOCK, STOCK, 0, 0);
        }
    }

    @Test
    void failsWhenTheLockDoesNotExclude() throws Exception {
        try (SampleRun sale = new SampleRun(
                "--distributed-lock.enabled=false",
                "--flash-sale.stock=" + STOCK,
                "--flash-sale.customers=100",
                "--flash-sale.processes=2")) {
            assertThat(sale.exitCode()).as(sale.output()).isEqualTo(1);
            assertThat(sale.figures("with @DistributedLock", 4).get(2)).isPositive();
            assertThat(sale.output()).contains("NOT AS PROMISED", "pieces too many");
        }
    }

    @Test
    void leavesNothingRunningWhenKilled() throws Exception {
        try (SampleRun sale = new SampleRun(
                "--flash-sale.stock=100000", "--flash-sale.customers=200000", "--flash-sale.processes=2")) {
            await().atMost(Duration.ofSeconds(120)).until(() -> sale.output().contains("Selling"));
            List<ProcessHandle> started = sale.handle().descendants().toList();
            assertThat(started).as("two shops, Redis and its guard").hasSizeGreaterThanOrEqualTo(3);
            sale.handle().destroyForcibly();
            await().atMost(Duration.ofSeconds(30)).until(() -> started.stream().noneMatch(SampleRun::isRunning));
        }
    }
}
