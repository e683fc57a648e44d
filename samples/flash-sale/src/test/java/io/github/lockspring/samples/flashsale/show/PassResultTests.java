package io.github.lockspring.samples.flashsale.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.support.Waits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassResultTests {

    @Test
    void countsWhatWasSoldBeyondTheStock() {
        assertThat(result(12).oversold()).isEqualTo(2);
        assertThat(result(9).oversold()).isZero();
    }

    @Test
    void dividesOrdersByTimeOfSelling() {
        assertThat(result(12).ordersPerSecond()).isEqualTo(6);
    }

    private static PassResult result(int sold) {
        return new PassResult(Pass.WITH_LOCK, 10, sold, 0, 0, Duration.ofSeconds(2), new Waits(List.of()));
    }
}
