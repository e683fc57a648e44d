package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.contender.ContenderType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A row that has been measured.
 *
 * @param scenario what was done
 * @param warmUps of each contender, before its rounds
 * @param rounds of each contender, the first of each side by side, and so on; a contender that failed has none
 * @param failures why contenders failed
 */
public record Row(
        Scenario scenario,
        Map<ContenderType, List<Round>> warmUps,
        Map<ContenderType, List<Round>> rounds,
        Map<ContenderType, String> failures) {

    /** A JVM is warm when compiling takes no more of the machine than this. */
    private static final double WARM = 0.03;

    Row(Scenario scenario) {
        this(scenario, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /**
     * Returns a figure of one contender.
     *
     * @param contender whose
     * @param metric which
     * @return what stands for all its rounds, NaN without any
     */
    public double figure(ContenderType contender, Metric metric) {
        double[] figures = each(contender, metric);
        return switch (metric.summary()) {
            case MEDIAN -> Quartiles.of(figures).median();
            case LARGEST -> Arrays.stream(figures).max().orElse(Double.NaN);
            case SUM -> sum(contender, metric);
        };
    }

    private double sum(ContenderType contender, Metric metric) {
        return Stream.of(this.warmUps, this.rounds)
                .flatMap(all -> all.getOrDefault(contender, List.of()).stream())
                .mapToDouble(metric::of)
                .sum();
    }

    /**
     * Tells whether a contender has compiled what it needs.
     *
     * @param contender whose
     * @return whether its JVMs compiled next to nothing in the last run before its rounds
     */
    public boolean isWarm(ContenderType contender) {
        List<Round> runs = this.warmUps.getOrDefault(contender, List.of());
        return !runs.isEmpty() && runs.get(runs.size() - 1).compileShare() < WARM;
    }

    /**
     * Compares two contenders round by round.
     *
     * @param contender whose figure is divided
     * @param metric which figure
     * @param reference by whose
     * @return the ratios
     */
    public Quartiles ratios(ContenderType contender, Metric metric, ContenderType reference) {
        return Quartiles.ofRatios(each(contender, metric), each(reference, metric));
    }

    /**
     * Returns what a target looks at.
     *
     * @param target the target
     * @return the figure, NaN if somebody who is needed for it failed
     */
    public double figure(Target target) {
        ContenderType reference = target.reference();
        if (reference == null) {
            return figure(target.contender(), target.metric());
        }
        return target.comparison() == Target.Comparison.RATIO
                ? ratios(target.contender(), target.metric(), reference).median()
                : figure(target.contender(), target.metric()) - figure(reference, target.metric());
    }

    /**
     * Tells how far the rounds of a contender lie apart.
     *
     * @param contender whose
     * @param metric which figure
     * @return the largest less the smallest, as a share of the median
     */
    public double spread(ContenderType contender, Metric metric) {
        double[] figures = each(contender, metric);
        return (Arrays.stream(figures).max().orElse(Double.NaN)
                        - Arrays.stream(figures).min().orElse(Double.NaN))
                / Quartiles.of(figures).median();
    }

    private double[] each(ContenderType contender, Metric metric) {
        return this.rounds.getOrDefault(contender, List.of()).stream()
                .mapToDouble(metric::of)
                .toArray();
    }
}
