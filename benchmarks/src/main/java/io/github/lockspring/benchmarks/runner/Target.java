package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.contender.ContenderType;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a row.
 *
 * @param contender who shall reach it
 * @param metric what is looked at
 * @param comparison how it is compared
 * @param reference with whom, {@code null} for the plain figure
 * @param atLeast whether more is better
 * @param bound what is wanted
 */
public record Target(
        ContenderType contender,
        Metric metric,
        Comparison comparison,
        @Nullable ContenderType reference,
        boolean atLeast,
        double bound) {

    /** How two figures of one round are compared. */
    public enum Comparison {
        /** Not at all. */
        PLAIN,
        /** First divided by second. */
        RATIO,
        /** First less second. */
        DIFFERENCE
    }

    static Target atLeast(Metric metric, double bound) {
        return new Target(ContenderType.TEMPLATE, metric, Comparison.PLAIN, null, true, bound);
    }

    static Target atMost(Metric metric, double bound) {
        return new Target(ContenderType.TEMPLATE, metric, Comparison.PLAIN, null, false, bound);
    }

    static Target atLeast(Metric metric, ContenderType reference, double bound) {
        return new Target(ContenderType.TEMPLATE, metric, Comparison.RATIO, reference, true, bound);
    }

    static Target atMost(Metric metric, ContenderType reference, double bound) {
        return new Target(ContenderType.TEMPLATE, metric, Comparison.RATIO, reference, false, bound);
    }

    /**
     * Says what is compared.
     *
     * @return a few words
     */
    public String words() {
        String figure = this.metric.title();
        return switch (this.comparison) {
            case PLAIN -> figure;
            case RATIO -> figure + " ÷ " + title();
            case DIFFERENCE -> figure + " more than " + title();
        };
    }

    private String title() {
        return this.reference == null ? "" : this.reference.title();
    }

    /**
     * Tells whether a figure is good enough.
     *
     * @param figure what was measured
     * @return whether the target is met
     */
    public boolean isMetBy(double figure) {
        return this.atLeast ? figure >= this.bound : figure <= this.bound;
    }
}
