package io.github.lockspring.samples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WaitsTests {

    @Test
    void findsTheWaitThatPartOfTheCallsDidNotExceed() {
        Waits waits = Waits.of(LongStream.rangeClosed(1, 100)
                .map(ms -> (101 - ms) * 1000)
                .boxed()
                .toList());
        assertThat(waits.millis(0.5)).isEqualTo(50);
        assertThat(waits.millis(0.99)).isEqualTo(99);
        assertThat(waits.text(0.99)).isEqualTo("99.0 ms");
    }

    @Test
    void needsNotMany() {
        assertThat(Waits.of(List.of(7000L)).millis(0.5)).isEqualTo(7);
        assertThat(Waits.of(List.of()).millis(0.99)).isZero();
    }
}
