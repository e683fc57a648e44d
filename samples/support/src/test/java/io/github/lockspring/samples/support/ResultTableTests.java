package io.github.lockspring.samples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTableTests {

    @Test
    void alignsFiguresWithTheHeadsOfTheirColumns() {
        ResultTable table =
                new ResultTable("ticks", "waited").row("a", 1, "12.5 ms").row("with lock", 123456, "3.0 ms");
        assertThat(table.toString().lines())
                .containsExactly(
                        "             ticks    waited", "a                1   12.5 ms", "with lock   123456    3.0 ms");
    }

    @Test
    void givesHeadsAndFiguresAsCells() {
        ResultTable table = new ResultTable("ticks", "waited").row("a", 1, "12.5 ms");
        assertThat(table.rows()).containsExactly(List.of("", "ticks", "waited"), List.of("a", "1", "12.5 ms"));
    }

    @Test
    void refusesARowOfAnotherLength() {
        ResultTable table = new ResultTable("ticks", "waited");
        assertThatIllegalArgumentException().isThrownBy(() -> table.row("a", 1)).withMessageContaining("2 columns");
    }
}
