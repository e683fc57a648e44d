package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Pass;
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
 * @param waits how long each order waited for its sale to begin, in microseconds, in ascending order
 */
record PassResult(Pass pass, int stock, int sold, int stockLeft, int staleWrites, Duration selling, List<Long> waits) {

    int oversold() {
        return Math.max(0, this.sold - this.stock);
    }

    double ordersPerSecond() {
        return this.sold / Math.max(1e-9, this.selling.toNanos() / 1e9);
    }

    /** Returns the time that the given part of all orders did not wait longer than, in milliseconds. */
    double waitedMillis(double part) {
        int index = (int) Math.ceil(part * this.waits.size()) - 1;
        return this.waits.isEmpty() ? 0 : this.waits.get(Math.max(0, index)) / 1e3;
    }
}
