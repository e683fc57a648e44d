package io.github.lockspring.samples.support;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of all passes, one line each: a description and numbers, which stand below the heads of their columns. */
public final class ResultTable {

    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Creates a table without figures.
     *
     * @param heads of the columns, without that of the descriptions
     */
    public ResultTable(Object... heads) {
        row("", heads);
    }

    /** Adds a line with as many cells as there are heads. */
    public ResultTable row(String description, Object... cells) {
        List<String> row = new ArrayList<>();
        row.add(description);
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        if (!this.rows.isEmpty() && row.size() != this.rows.get(0).size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells in a table with " + (this.rows.get(0).size() - 1) + " columns");
        }
        this.rows.add(row);
        return this;
    }

    /** The cells, line by line. The first line has the heads, the first cell of each line its description. */
    public List<List<String>> rows() {
        return this.rows.stream().map(List::copyOf).toList();
    }

    @Override
    public String toString() {
        return this.rows.stream().map(this::line).collect(Collectors.joining("\n"));
    }

    private String line(List<String> row) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> String.format(format(column), row.get(column)))
                .collect(Collectors.joining(GAP));
    }

    private String format(int column) {
        int width = this.rows.stream()
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
        return "%" + (column == 0 ? "-" : "") + width + "s";
    }
}
