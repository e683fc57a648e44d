package io.github.lockspring.benchmarks.runner;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where the figures of some rounds lie.
 *
 * @param lower a quarter of them are less
 * @param median half of them are
 * @param upper three quarters of them are
 */
public record Quartiles(double lower, double median, double upper) {

    static Quartiles of(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Of figures that were measured side by side. */
    static Quartiles ofRatios(double[] first, double[] second) {
        return of(IntStream.range(0, Math.min(first.length, second.length))
                .mapToDouble(round -> first[round] / second[round])
                .toArray());
    }

    /** Between two figures, in proportion. */
    private static double at(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = share * (sorted.length - 1);
        double below = sorted[(int) Math.floor(place)];
        double above = sorted[(int) Math.ceil(place)];
        return below == above ? below : below + (above - below) * (place - Math.floor(place));
    }
}
