package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.contender.ContenderType;
import io.github.lockspring.benchmarks.worker.Arena;
import io.github.lockspring.benchmarks.worker.Job;
import io.github.lockspring.benchmarks.worker.LoadType;
import io.github.lockspring.benchmarks.worker.Measurement;
import io.github.lockspring.benchmarks.worker.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Has the contenders of each row measure in turns. */
public final class Runner implements AutoCloseable {

    /** Between telling the workers when to start and that moment. */
    private static final long START_DELAY_NANOS = 60_000_000;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Settings settings;

    private final RedisServer redis;

    private final WorkerPool workers;

    private final Path arenaFile;

    private final Arena arena;

    private final Map<Duration, DelayProxy> proxies = new HashMap<>();

    private int runs;

    /**
     * Creates a runner.
     *
     * @param settings how to measure
     * @param redis the server under load
     * @param directory for what the workers share and log
     */
    public Runner(Settings settings, RedisServer redis, Path directory) {
        this.settings = settings;
        this.redis = redis;
        this.workers = new WorkerPool(settings.jvmOptions(), directory.resolve("workers.log"));
        this.arenaFile = directory.resolve("arena");
        this.arena = Arena.open(this.arenaFile);
    }

    /**
     * Measures one row.
     *
     * @param scenario the row
     * @param progress is told of every step
     * @return the figures
     * @throws InterruptedException if this process is to end
     */
    public Row measure(Scenario scenario, Consumer<String> progress) throws InterruptedException {
        Row row = new Row(scenario);
        List<ContenderType> order = new ArrayList<>(this.settings.contenders(scenario));
        for (ContenderType contender : List.copyOf(order)) {
            warmUp(row, contender, order);
        }
        for (int round = 0; round < this.settings.rounds(scenario); round++) {
            progress.accept(scenario.id() + ", round " + (round + 1));
            for (ContenderType contender : List.copyOf(order)) {
                runIfAble(row, row.rounds(), contender, order, this.settings.window(scenario));
            }
            Collections.rotate(order, 1);
        }
        return row;
    }

    /** Runs until the JVMs have compiled what they need: locks that change hands slowly are slow to become warm. */
    private void warmUp(Row row, ContenderType contender, List<ContenderType> order) throws InterruptedException {
        for (int i = 0; i < this.settings.mostWarmUps() && order.contains(contender) && !row.isWarm(contender); i++) {
            runIfAble(row, row.warmUps(), contender, order, this.settings.warmUp(row.scenario()));
        }
    }

    private void runIfAble(
            Row row,
            Map<ContenderType, List<Round>> runs,
            ContenderType contender,
            List<ContenderType> order,
            Duration window)
            throws InterruptedException {
        WorkerKey key = key(row.scenario(), contender);
        try {
            Round round = run(row.scenario(), contender, key, window);
            runs.computeIfAbsent(contender, absent -> new ArrayList<>()).add(round);
        } catch (IllegalStateException ex) {
            row.failures().put(contender, String.valueOf(ex.getMessage()));
            order.remove(contender);
            this.workers.discard(key);
        }
    }

    private WorkerKey key(Scenario scenario, ContenderType contender) {
        if (scenario.delay().isZero()) {
            return new WorkerKey(contender, this.redis.host(), this.redis.port(), scenario.lease());
        }
        DelayProxy proxy = this.proxies.computeIfAbsent(
                scenario.delay(), delay -> new DelayProxy(this.redis.host(), this.redis.port(), delay));
        return new WorkerKey(contender, "127.0.0.1", proxy.port(), scenario.lease());
    }

    private Round run(Scenario scenario, ContenderType contender, WorkerKey key, Duration window)
            throws InterruptedException {
        int processes = scenario.processes(contender);
        List<WorkerProcess> group = this.workers.get(key, processes);
        this.arena.clear();
        String run = "run" + this.runs++;
        for (int i = 0; i < processes; i++) {
            Job job = new Job(
                    scenario.load(),
                    run,
                    i,
                    scenario.threads(contender),
                    scenario.locks(),
                    scenario.work(),
                    window,
                    this.arenaFile);
            group.get(i).tell(job.toLine());
        }
        ready(group, PATIENCE);
        RedisUsage before = this.redis.usage();
        String start = Long.toString(System.nanoTime() + START_DELAY_NANOS);
        tell(group, start);
        if (scenario.load() == LoadType.HELD) {
            ready(group, window.plus(PATIENCE));
            RedisUsage usage = this.redis.usage().since(before);
            long lost = (long) processes * scenario.locks() - this.redis.keys("*" + run + Job.HELD + "*");
            tell(group, start);
            return Answers.of(group, PATIENCE).round(usage, window, lost);
        }
        Answers answers = Answers.of(group, window.plus(PATIENCE));
        RedisUsage usage = this.redis.usage().since(before);
        return answers.round(usage, window, Math.abs(answers.entered() - this.arena.sum()));
    }

    private static void ready(List<WorkerProcess> group, Duration patience) throws InterruptedException {
        for (WorkerProcess worker : group) {
            worker.expect(Worker.READY, patience);
        }
    }

    private static void tell(List<WorkerProcess> group, String line) {
        group.forEach(worker -> worker.tell(line));
    }

    @Override
    public void close() {
        this.workers.close();
        this.proxies.values().forEach(DelayProxy::close);
    }

    /** What the workers say in the end. */
    private record Answers(List<Measurement> measurements, long compileMillis) {

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
            return new Round(this.measurements, usage, window, lost, this.compileMillis);
        }
    }
}
