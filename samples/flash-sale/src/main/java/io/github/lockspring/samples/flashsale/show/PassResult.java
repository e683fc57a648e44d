package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.support.ResultTable;
import io.github.lockspring.samples.support.Waits;
import java.time.Duration;
import java.util.List;

/**
 * Figures of one pass.
 *
 * @param pass how was sold
 * @param stock what was there to sell
 * @param sold orders in the database
 * @param stockLeft what the database says is left
 * @param staleWrites writes refused because of their fencing token
 * @param selling time from the start to the last order
 * @param waits how long each order waited for its sale to begin
 */
record PassResult(Pass pass, int stock, int sold, int stockLeft, int staleWrites, Duration selling, Waits waits) {

    int oversold() {
        return Math.max(0, this.sold - this.stock);
    }

    static ResultTable table(List<PassResult> results) {
        ResultTable table =
                new ResultTable("stock", "sold", "oversold", "stale", "orders/s", "waited p50", "waited p99");
        results.forEach(result -> table.row(
                result.pass.description(),
                result.stock,
                result.sold,
                result.oversold(),
                result.staleWrites,
                Math.round(result.ordersPerSecond()),
                result.waits.text(0.5),
                result.waits.text(0.99)));
        return table;
    }

    double ordersPerSecond() {
        return this.sold / Math.max(1e-9, this.selling.toNanos() / 1e9);
    }
}
