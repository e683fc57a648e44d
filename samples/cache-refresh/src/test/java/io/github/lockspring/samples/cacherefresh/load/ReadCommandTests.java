package io.github.lockspring.samples.cacherefresh.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadCommandTests {

    @Test
    void arrivesAsItWasSent() {
        ReadCommand command = new ReadCommand(Pass.TAKE_OLD, 4000, "take-old-1");
        assertThat(ReadCommand.parse(command.toLine())).isEqualTo(command);
    }
}
