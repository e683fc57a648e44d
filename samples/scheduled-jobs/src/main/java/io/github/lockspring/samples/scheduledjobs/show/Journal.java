package io.github.lockspring.samples.scheduledjobs.show;

import io.github.lockspring.samples.scheduledjobs.job.ReportKind;
import io.github.lockspring.samples.scheduledjobs.job.Reports;
import io.github.lockspring.samples.scheduledjobs.probe.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;

/** All calls of the show, and beside them what was written. Used by one thread. */
final class Journal {

    private final Reports reports;

    private final List<Call> calls = new ArrayList<>();

    Journal(Reports reports) {
        this.reports = reports;
    }

    void add(Call call) {
        this.calls.add(call);
    }

    List<Call> calls() {
        return List.copyOf(this.calls);
    }

    TickResult result(ReportKind kind, long tick) {
        LongSummaryStatistics times = this.calls.stream()
                .filter(call -> call.kind() == kind && call.tick() == tick)
                .mapToLong(Call::startedMillis)
                .summaryStatistics();
        long drift = times.getCount() == 0 ? 0 : times.getMax() - times.getMin();
        return new TickResult(this.reports.writersOf(kind, tick), (int) times.getCount(), drift);
    }

    KindResult result(ReportKind kind, long firstTick, int ticks) {
        return new KindResult(
                kind,
                LongStream.range(firstTick, firstTick + ticks)
                        .mapToObj(tick -> result(kind, tick))
                        .toList());
    }
}
