package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.support.ResultTable;
import java.util.List;

/**
 * Figures of all ticks, with or without lock.
 *
 * @param kind which of them
 * @param ticks one after the other
 */
record KindResult(ReportKind kind, List<TickResult> ticks) {

    int runs() {
        return this.ticks.stream().mapToInt(tick -> tick.writers().size()).sum();
    }

    long runMoreThanOnce() {
        return this.ticks.stream().filter(tick -> tick.writers().size() > 1).count();
    }

    long notRun() {
        return this.ticks.stream().filter(tick -> tick.writers().isEmpty()).count();
    }

    int skipped() {
        return this.ticks.stream().mapToInt(TickResult::skipped).sum();
    }

    long driftMillis() {
        return this.ticks.stream().mapToLong(TickResult::driftMillis).max().orElse(0);
    }

    static ResultTable table(List<KindResult> results) {
        ResultTable table = new ResultTable("ticks", "runs", "more than once", "not run", "skips", "drift");
        results.forEach(result -> table.row(
                result.kind.description(),
                result.ticks.size(),
                result.runs(),
                result.runMoreThanOnce(),
                result.notRun(),
                result.skipped(),
                result.driftMillis() + " ms"));
        return table;
    }
}
