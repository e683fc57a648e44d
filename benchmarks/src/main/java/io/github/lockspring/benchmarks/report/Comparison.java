package io.github.lockspring.benchmarks.report;

import io.github.lockspring.benchmarks.runner.Quartiles;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A table of two builds of this lock. A ratio above 1 says that this build does better. */
final class Comparison {

    private final Table table;

    Comparison(String... what) {
        this.table = new Table(Stream.concat(
                        Stream.of(what),
                        Stream.of("figure", "this build", "baseline", "better by", "lower quartile", "upper quartile"))
                .toList());
    }

    void add(List<String> what, String figure, double present, double baseline, Quartiles better) {
        List<String> line = new ArrayList<>(what);
        line.add(figure);
        Stream.of(present, baseline, better.median(), better.lower(), better.upper())
                .map(Figures::of)
                .forEach(line::add);
        this.table.add(line);
    }

    @Override
    public String toString() {
        return this.table.toString();
    }
}
