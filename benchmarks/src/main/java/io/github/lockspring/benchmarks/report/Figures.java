package io.github.lockspring.benchmarks.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Figures {

    private Figures() {}

    static String of(double figure) {
        if (Double.isNaN(figure)) {
            return "–";
        }
        if (figure == 0 || figure == Math.rint(figure) && Math.abs(figure) < 1e6) {
            return String.format(Locale.ROOT, "%,.0f", figure);
        }
        double size = Math.abs(figure);
        return String.format(
                Locale.ROOT, size < 1 ? "%.3f" : size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", figure);
    }
}
