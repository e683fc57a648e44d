package io.github.lockspring.samples.flashsale.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.flashsale.load.Pass;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PassResultTests {

    @Test
    void countsWhatWasSoldBeyondTheStock() {
        assertThat(result(12, List.of()).oversold()).isEqualTo(2);
        assertThat(result(9, List.of()).oversold()).isZero();
    }

    @Test
    void dividesOrdersByTimeOfSelling() {
        assertThat(result(12, List.of()).ordersPerSecond()).isEqualTo(6);
    }

    @Test
    void findsTheWaitThatPartOfTheCustomersDidNotExceed() {
        List<Long> waits =
                LongStream.rangeClosed(1, 100).map(ms -> ms * 1000).boxed().toList();
        assertThat(result(10, waits).waitedMillis(0.5)).isEqualTo(50);
        assertThat(result(10, waits).waitedMillis(0.99)).isEqualTo(99);
        assertThat(result(10, List.of(7000L)).waitedMillis(0.5)).isEqualTo(7);
        assertThat(result(10, List.of()).waitedMillis(0.99)).isZero();
    }

    private static PassResult result(int sold, List<Long> waits) {
        return new PassResult(Pass.WITH_LOCK, 10, sold, 0, 0, Duration.ofSeconds(2), waits);
    }
}
