package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.worker.Measurement;
import io.github.lockspring.benchmarks.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the workers of a round say in the end.
 *
 * @param measurements of each
 * @param compileMillis how long their JVMs compiled meanwhile, together
 */
record Answers(List<Measurement> measurements, long compileMillis) {

    static Answers of(List<WorkerProcess> group, Duration patience) throws InterruptedException {
        List<Measurement> measurements = new ArrayList<>();
        long compileMillis = 0;
        for (WorkerProcess worker : group) {
            String[] done = worker.expect(Worker.DONE, patience).split(" ", 2);
            compileMillis += Long.parseLong(done[0]);
            measurements.add(Measurement.parse(done[1]));
        }
        return new Answers(measurements, compileMillis);
    }

    long entered() {
        return this.measurements.stream().mapToLong(Measurement::total).sum();
    }

    Round round(RedisUsage usage, Duration window, long lost) {
        return round(usage, window, lost, Duration.ZERO);
    }

    Round round(RedisUsage usage, Duration window, long lost, Duration quietAfter) {
        return new Round(this.measurements, usage, window, lost, this.compileMillis, quietAfter);
    }
}
