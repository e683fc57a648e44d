package io.github.lockspring.samples.cacherefresh.show;

import io.github.lockspring.samples.cacherefresh.load.HitCount;
import io.github.lockspring.samples.cacherefresh.load.Pass;
import io.github.lockspring.samples.support.ResultTable;
import io.github.lockspring.samples.support.Waits;
import java.util.List;

/**
 * Figures of one pass.
 *
 * @param pass how was read
 * @param values different values that were made
 * @param rebuilds how many times one was made, as Redis says
 * @param awaited answers that another reader had made meanwhile
 * @param stale answers with the old value
 * @param hits answers that were in the cache, and locks
 * @param waits how long reads took that found no fresh value
 */
record PassResult(Pass pass, int values, int rebuilds, int awaited, int stale, HitCount hits, Waits waits) {

    long reads() {
        return this.hits.hits() + this.waits.micros().size();
    }

    int needlessRebuilds() {
        return this.rebuilds - this.values;
    }

    static ResultTable table(List<PassResult> results) {
        ResultTable table =
                new ResultTable("reads", "values", "rebuilds", "stale", "waited p50", "waited p99", "locks", "on hits");
        results.forEach(result -> table.row(
                result.pass.description(),
                result.reads(),
                result.values,
                result.rebuilds,
                result.stale,
                result.waits.text(0.5),
                result.waits.text(0.99),
                result.hits.locks(),
                result.hits.locksOnHits()));
        return table;
    }
}
