package io.github.lockspring.samples.flashsale.show;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures of all passes, one line each. */
final class ResultTable {

    private ResultTable() {}

    static String of(List<PassResult> results) {
        String head = row("", "stock", "sold", "oversold", "stale", "orders/s", "waited p50", "waited p99");
        return results.stream().map(ResultTable::row).collect(Collectors.joining("\n", head + "\n", ""));
    }

    private static String row(PassResult result) {
        return row(
                result.pass().description(),
                result.stock(),
                result.sold(),
                result.oversold(),
                result.staleWrites(),
                Math.round(result.ordersPerSecond()),
                String.format(Locale.ROOT, "%.1f ms", result.waitedMillis(0.5)),
                String.format(Locale.ROOT, "%.1f ms", result.waitedMillis(0.99)));
    }

    private static String row(Object... cells) {
        return String.format("%-22s %7s %7s %9s %7s %10s %12s %12s", cells);
    }
}
