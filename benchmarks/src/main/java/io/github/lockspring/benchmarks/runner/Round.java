package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.worker.Measurement;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * One round of one contender: what its workers and Redis saw.
 *
 * @param workers a measurement of each process
 * @param redis what Redis did meanwhile
 * @param window for how long throughput was counted
 * @param lost increments of an unprotected counter that were lost, or held locks that Redis had no longer
 * @param compileMillis how long the JVMs compiled meanwhile, together
 * @param quietAfter of an outage: how long after its end Redis still had something to do
 */
public record Round(
        List<Measurement> workers,
        RedisUsage redis,
        Duration window,
        long lost,
        long compileMillis,
        Duration quietAfter) {

    /** Of this machine's processor time, what still went into compiling. */
    double compileShare() {
        return (double) this.compileMillis
                / this.window.toMillis()
                / Runtime.getRuntime().availableProcessors();
    }

    double operationsPerSecond() {
        return sum(worker ->
                        worker.perThread().stream().mapToLong(Long::longValue).sum())
                / (this.window.toNanos() / 1e9);
    }

    /** Jain's index of fairness: 1 when all threads got through equally often, 1/n when one got everything. */
    double fairness() {
        double sum = 0;
        double squares = 0;
        int threads = 0;
        for (Measurement worker : this.workers) {
            for (long count : worker.perThread()) {
                sum += count;
                squares += (double) count * count;
                threads++;
            }
        }
        return squares == 0 ? Double.NaN : sum * sum / (threads * squares);
    }

    double waitMicros(double percentile) {
        Histogram waits = Measurement.times();
        this.workers.forEach(worker -> waits.add(worker.waits()));
        return waits.getTotalCount() == 0 ? Double.NaN : waits.getValueAtPercentile(percentile) / 1e3;
    }

    double meanWaitMicros() {
        Histogram waits = Measurement.times();
        this.workers.forEach(worker -> waits.add(worker.waits()));
        return waits.getMean() / 1e3;
    }

    double commandsPerOperation() {
        return this.redis.commands() / sum(Measurement::total);
    }

    double scriptsPerOperation() {
        return this.redis.scripts() / sum(Measurement::total);
    }

    double commandsPerFailure() {
        return perFailure(this.redis.commands());
    }

    double scriptsPerFailure() {
        return perFailure(this.redis.scripts());
    }

    private double perFailure(long count) {
        return errors() == 0 ? Double.NaN : count / errors();
    }

    double redisMicrosPerOperation() {
        return this.redis.cpuSeconds() * 1e6 / sum(Measurement::total);
    }

    double clientMicrosPerOperation() {
        return sum(Measurement::cpuNanos) / 1e3 / sum(Measurement::total);
    }

    /** Processor time of all clients per second. */
    double clientMillisPerSecond() {
        return this.workers.stream()
                .mapToDouble(worker -> worker.cpuNanos() * 1e3 / worker.wallNanos())
                .sum();
    }

    double clientThreads() {
        return this.workers.stream()
                .mapToInt(Measurement::clientThreads)
                .average()
                .orElse(Double.NaN);
    }

    double violations() {
        return sum(Measurement::violations) + this.lost;
    }

    double errors() {
        return sum(Measurement::errors);
    }

    double total() {
        return sum(Measurement::total);
    }

    double heapGrowthMegabytes() {
        return sum(Measurement::heapGrowthBytes) / 1e6;
    }

    double quietSeconds() {
        return this.quietAfter.toMillis() / 1e3;
    }

    private double sum(ToLongFunction<Measurement> figure) {
        return this.workers.stream().mapToLong(figure).sum();
    }
}
