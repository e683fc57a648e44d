package io.github.lockspring.samples.flashsale.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.samples.flashsale.load.SaleEvent.Kind;
import org.junit.jupiter.api.Test;

class SaleEventTests {

    @Test
    void arrivesAsItWasSent() {
        SaleEvent event = new SaleEvent(Kind.SOLD, 1234, "");
        assertThat(SaleEvent.parse(event.toLine())).contains(event);
    }

    @Test
    void staysOnOneLine() {
        String line = SaleEvent.of(Kind.FAILED, "first\nsecond third").toLine();
        assertThat(line).doesNotContain("\n");
        assertThat(SaleEvent.parse(line)).contains(SaleEvent.of(Kind.FAILED, "first second third"));
    }

    @Test
    void isNotSeenInOtherOutput() {
        assertThat(SaleEvent.parse("WARN something else")).isEmpty();
    }
}
