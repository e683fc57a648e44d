package io.github.lockspring.samples.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessEventTests {

    @Test
    void arrivesAsItWasSent() {
        ProcessEvent event = new ProcessEvent("SOLD", 1234, "");
        assertThat(ProcessEvent.parse(event.toLine())).contains(event);
    }

    @Test
    void staysOnOneLine() {
        String line =
                ProcessEvent.of(ProcessEvent.FAILED, "first\nsecond third").toLine();
        assertThat(line).doesNotContain("\n");
        assertThat(ProcessEvent.parse(line)).contains(ProcessEvent.of(ProcessEvent.FAILED, "first second third"));
    }

    @Test
    void isNotSeenInOtherOutput() {
        assertThat(ProcessEvent.parse("WARN something else")).isEmpty();
    }
}
