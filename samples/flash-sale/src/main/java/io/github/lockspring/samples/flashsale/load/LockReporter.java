package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.LockEngine;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSnapshot;
import io.github.lockspring.samples.support.ProcessEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks at the locks of this process a few times per second, and reports those of which there is news. */
final class LockReporter implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final LockEngine engine;

    private final LockCounts counts;

    private final int process;

    private final Consumer<ProcessEvent> events;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lock-reporter"));

    private final Map<LockName, LockReport> latest = new HashMap<>();

    LockReporter(LockEngine engine, LockCounts counts, int process, Consumer<ProcessEvent> events) {
        this.engine = engine;
        this.counts = counts;
        this.process = process;
        this.events = events;
    }

    LockReporter start() {
        var unused = this.timer.scheduleAtFixedRate(
                this::report, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    void report() {
        LockSnapshot snapshot = this.engine.snapshot();
        this.counts.all().forEach((name, lock) -> {
            LockReport report = report(name, lock, snapshot);
            if (!report.equals(this.latest.put(name, report))) {
                this.events.accept(report.toEvent(this.process));
            }
        });
    }

    private static LockReport report(LockName name, LockCounts.Counts lock, LockSnapshot snapshot) {
        LockCounts.Hold hold = lock.latest;
        boolean held = snapshot.held().stream().anyMatch(each -> each.fencingToken() == hold.token());
        long waiting = snapshot.waiting().stream()
                .filter(call -> call.name().equals(name))
                .count();
        return new LockReport(
                name.fullName(),
                lock.acquired.sum(),
                lock.handedOff.sum(),
                lock.handedOver.sum(),
                (int) waiting,
                hold.token(),
                hold.thread(),
                held);
    }

    @Override
    public void close() {
        this.timer.shutdownNow();
    }
}
