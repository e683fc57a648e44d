package io.github.lockspring.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table that reads well in Markdown and on a console alike. */
final class Table {

    private final List<List<String>> lines = new ArrayList<>();

    Table(List<String> head) {
        this.lines.add(head);
    }

    void add(List<String> line) {
        this.lines.add(line);
    }

    @Override
    public String toString() {
        int columns = this.lines.get(0).size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> this.lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < this.lines.size(); i++) {
            append(text, this.lines.get(i), widths);
            if (i == 0) {
                text.append(IntStream.range(0, columns)
                        .mapToObj(column -> column == 0 ? "-".repeat(widths[0]) : "-".repeat(widths[column] - 1) + ":")
                        .collect(Collectors.joining(" | ", "| ", " |\n")));
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> line, int[] widths) {
        for (int column = 0; column < line.size(); column++) {
            String cell = line.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            text.append("| ")
                    .append(column == 0 ? cell + padding : padding + cell)
                    .append(' ');
        }
        text.append("|\n");
    }
}
