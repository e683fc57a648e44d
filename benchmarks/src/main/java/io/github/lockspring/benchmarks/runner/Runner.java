package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.contender.ContenderType;
import io.github.lockspring.benchmarks.worker.Arena;
import io.github.lockspring.benchmarks.worker.Job;
import io.github.lockspring.benchmarks.worker.LoadType;
import io.github.lockspring.benchmarks.worker.Worker;
import java.io.UncheckedIOException;
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
        String classPath = System.getProperty("java.class.path");
        Path baseline = settings.baseline();
        this.workers = new WorkerPool(
                classPath,
                baseline == null ? classPath : OtherBuild.prepare(baseline, directory),
                settings.jvmOptions(),
                directory.resolve("workers.log"));
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
        if (!scenario.load().isOutage()) {
            for (ContenderType contender : order) {
                for (ContenderType build : this.settings.builds(contender)) {
                    warmUp(row, build);
                }
            }
        }
        for (int round = 0; round < this.settings.rounds(scenario); round++) {
            progress.accept(scenario.id() + ", round " + (round + 1));
            for (ContenderType contender : order) {
                List<ContenderType> builds = new ArrayList<>(this.settings.builds(contender));
                Collections.rotate(builds, round);
                for (ContenderType build : builds) {
                    runIfAble(row, row.rounds(), build, this.settings.window(scenario));
                }
            }
            Collections.rotate(order, 1);
        }
        return row;
    }

    /** Runs until the JVMs have compiled what they need: locks that change hands slowly are slow to become warm. */
    private void warmUp(Row row, ContenderType contender) throws InterruptedException {
        for (int i = 0; i < this.settings.mostWarmUps() && !row.isWarm(contender); i++) {
            runIfAble(row, row.warmUps(), contender, this.settings.warmUp(row.scenario()));
        }
    }

    private void runIfAble(Row row, Map<ContenderType, List<Round>> runs, ContenderType contender, Duration window)
            throws InterruptedException {
        if (row.failures().containsKey(contender)) {
            return;
        }
        Scenario scenario = row.scenario();
        WorkerKey key = key(scenario, contender);
        try {
            Round round = scenario.load().isOutage()
                    ? runOutage(scenario, contender, window)
                    : run(scenario, contender, key, window);
            runs.computeIfAbsent(contender, absent -> new ArrayList<>()).add(round);
        } catch (IllegalStateException | UncheckedIOException ex) {
            row.failures().put(contender, String.valueOf(ex.getMessage()));
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
        String run = prepare(group, scenario, contender, window);
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

    /** Nobody else notices: Redis and the process that locks are those of the round. */
    private Round runOutage(Scenario scenario, ContenderType contender, Duration window) throws InterruptedException {
        try (Outage outage = new Outage(scenario.load())) {
            WorkerKey key = new WorkerKey(contender, outage.host(), outage.port(), scenario.lease());
            try {
                List<WorkerProcess> group = this.workers.get(key, 1);
                prepare(group, scenario, contender, window);
                outage.begin();
                tell(group, Long.toString(System.nanoTime()));
                ready(group, window.plus(PATIENCE));
                tell(group, Long.toString(outage.end()));
                outage.awaitQuiet();
                Answers answers = Answers.of(group, PATIENCE.multipliedBy(4));
                Duration quietAfter = outage.awaitQuiet();
                return answers.round(outage.usage(), window, 0, quietAfter);
            } finally {
                this.workers.discard(key);
            }
        }
    }

    /** Gives the workers their job and returns the name of the run. */
    private String prepare(List<WorkerProcess> group, Scenario scenario, ContenderType contender, Duration window)
            throws InterruptedException {
        this.arena.clear();
        String run = "run" + this.runs++;
        for (int i = 0; i < group.size(); i++) {
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
        return run;
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
}
