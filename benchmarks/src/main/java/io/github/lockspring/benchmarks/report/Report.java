package io.github.lockspring.benchmarks.report;

import io.github.lockspring.benchmarks.contender.ContenderType;
import io.github.lockspring.benchmarks.runner.Metric;
import io.github.lockspring.benchmarks.runner.Pieces;
import io.github.lockspring.benchmarks.runner.Quartiles;
import io.github.lockspring.benchmarks.runner.Row;
import io.github.lockspring.benchmarks.runner.Settings;
import io.github.lockspring.benchmarks.runner.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes what was measured: the targets first, then every row. */
public final class Report {

    /** Written by hand: a later run keeps it. */
    private static final String NOTES = "## Notes";

    private static final List<Metric> THROUGHPUT =
            columns(Metric.OPERATIONS, Metric.WAIT_MEDIAN, Metric.WAIT_P99, Metric.WAIT_MAX, Metric.JAIN);

    /** Without rate and fairness: nobody competes. */
    private static final List<Metric> HELD =
            columns(Metric.CLIENT_LOAD, Metric.WAIT_MEDIAN, Metric.WAIT_P99, Metric.WAIT_MAX);

    /** Without rate and fairness: the pauses set the one, taking turns the other. */
    private static final List<Metric> HAND_OVER = columns(Metric.WAIT_MEDIAN, Metric.WAIT_P99, Metric.WAIT_MAX);

    /** Of an outage that a process of its own saw. */
    private static final List<Metric> OUTAGE = List.of(
            Metric.COMMANDS_PER_FAILURE,
            Metric.SCRIPTS_PER_FAILURE,
            Metric.FAILED_CALLS,
            Metric.OTHER_CALLS,
            Metric.FIRST_LOCK,
            Metric.QUIET,
            Metric.HEAP_GROWTH,
            Metric.CLIENT_LOAD,
            Metric.THREADS);

    private final Settings settings;

    private final String redisVersion;

    private final double loadBefore = Environment.loadAverage();

    private final List<Row> rows = new ArrayList<>();

    /**
     * Creates a report.
     *
     * @param settings how it is measured
     * @param redisVersion version of the server
     */
    public Report(Settings settings, String redisVersion) {
        this.settings = settings;
        this.redisVersion = redisVersion;
    }

    /**
     * Adds a row.
     *
     * @param row what was measured
     * @return the row as text
     */
    public String add(Row row) {
        this.rows.add(row);
        return text(row);
    }

    /**
     * Returns what was reached and what was not.
     *
     * @return a table of the targets of all rows so far
     */
    public String targets() {
        Table table = new Table(List.of("row", "target", "wanted", "measured", "met"));
        for (Row row : this.rows) {
            for (Target target : row.scenario().targets()) {
                double figure = row.figure(target);
                table.add(List.of(
                        row.scenario().title(),
                        target.words(),
                        (target.atLeast() ? "≥ " : "≤ ") + Figures.of(target.bound()),
                        Figures.of(figure),
                        met(target, figure)));
            }
        }
        return table.toString();
    }

    /**
     * Compares this build of this lock with another.
     *
     * @return a table of all rows so far
     */
    public String comparison() {
        Comparison table = new Comparison("row", "contender");
        for (Row row : this.rows) {
            Metric metric = metrics(row).get(0);
            for (ContenderType contender : row.rounds().keySet()) {
                ContenderType baseline = contender.baseline();
                if (baseline != null && row.rounds().containsKey(baseline)) {
                    Quartiles better = metric == Metric.OPERATIONS
                            ? row.ratios(contender, metric, baseline)
                            : row.ratios(baseline, metric, contender);
                    table.add(
                            List.of(row.scenario().title(), contender.title()),
                            metric.title(),
                            row.figure(contender, metric),
                            row.figure(baseline, metric),
                            better);
                }
            }
        }
        return table.toString();
    }

    /**
     * Compares the pieces inside the process of two builds.
     *
     * @param pieces what was measured
     * @return a table
     */
    public static String comparison(Pieces pieces) {
        Comparison table = new Comparison("piece");
        for (String name : pieces.names()) {
            table.add(
                    List.of(name),
                    "ns/op",
                    pieces.present(name).median(),
                    pieces.baseline(name).median(),
                    pieces.speed(name));
        }
        return table.toString();
    }

    private static String met(Target target, double figure) {
        if (Double.isNaN(figure)) {
            return "–";
        }
        return target.isMetBy(figure) ? "yes" : "**no**";
    }

    /**
     * Writes the report, keeping the notes of an earlier one.
     *
     * @param file where to
     */
    public void write(Path file) {
        StringBuilder text = new StringBuilder();
        text.append("# Results\n\nWritten by the command in README.md; figures are medians of rounds measured in turn"
                + " (longest wait ÷ mean: the largest of all rounds; violations and errors: sums),"
                + " ratios are medians of the ratios of each round.\n\n");
        Environment.lines(this.settings, this.redisVersion, this.loadBefore)
                .forEach(line -> text.append("- ").append(line).append('\n'));
        text.append("\n## Targets\n\n").append(targets());
        if (this.settings.baseline() != null) {
            text.append("\n## This build and the baseline\n\n").append(comparison());
        }
        text.append("\nRules of mutual exclusion broken by this lock, over all rows: ")
                .append(Figures.of(violations()))
                .append("\n\n## Rows\n");
        this.rows.forEach(row -> text.append('\n').append(text(row)));
        try {
            text.append('\n').append(notes(file));
            Files.writeString(file, text);
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot write " + file, ex);
        }
    }

    private static String notes(Path file) throws IOException {
        if (Files.exists(file)) {
            String earlier = Files.readString(file);
            int notes = earlier.indexOf(NOTES);
            if (notes >= 0) {
                return earlier.substring(notes);
            }
        }
        return NOTES + "\n\nNone yet.\n";
    }

    private double violations() {
        return this.rows.stream()
                .flatMapToDouble(row -> row.scenario().contenders().stream()
                        .filter(ContenderType::isThisLock)
                        .mapToDouble(contender -> row.figure(contender, Metric.VIOLATIONS)))
                .sum();
    }

    private static List<Metric> metrics(Row row) {
        return switch (row.scenario().load()) {
            case THROUGHPUT -> THROUGHPUT;
            case HELD -> HELD;
            case HAND_OVER -> HAND_OVER;
            case HANG, DOWN -> OUTAGE;
        };
    }

    private static String text(Row row) {
        List<Metric> metrics = metrics(row);
        List<String> head = new ArrayList<>(List.of("contender"));
        metrics.forEach(metric -> head.add(metric.title()));
        head.add("spread");
        Table table = new Table(head);
        for (ContenderType contender : row.rounds().keySet()) {
            List<String> line = new ArrayList<>(List.of(contender.title()));
            metrics.forEach(metric -> line.add(Figures.of(row.figure(contender, metric))));
            line.add(Figures.of(row.spread(contender, metrics.get(0)) * 100) + " %");
            table.add(line);
        }
        StringBuilder text = new StringBuilder(
                "### " + row.scenario().title() + " (`" + row.scenario().id() + "`)\n\n" + table);
        List<String> compiling = row.rounds().keySet().stream()
                .filter(contender -> row.warmUps().containsKey(contender) && !row.isWarm(contender))
                .map(ContenderType::title)
                .toList();
        if (!compiling.isEmpty()) {
            text.append("\nStill compiling when their rounds began: ")
                    .append(String.join(", ", compiling))
                    .append('\n');
        }
        row.failures()
                .forEach((contender, reason) -> text.append("\n")
                        .append(contender.title())
                        .append(" failed: ")
                        .append(reason)
                        .append('\n'));
        return text.toString();
    }

    /** What a row tells first, and what everything costs. */
    private static List<Metric> columns(Metric... first) {
        List<Metric> columns = new ArrayList<>(List.of(first));
        columns.addAll(List.of(
                Metric.COMMANDS,
                Metric.SCRIPTS,
                Metric.REDIS_CPU,
                Metric.CLIENT_CPU,
                Metric.THREADS,
                Metric.VIOLATIONS,
                Metric.ERRORS));
        return columns;
    }
}
