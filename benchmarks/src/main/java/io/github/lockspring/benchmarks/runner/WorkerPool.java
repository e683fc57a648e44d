package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.worker.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The workers that run. They stay, warm and connected, from one row to the next. */
final class WorkerPool implements AutoCloseable {

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);

    private final String classPath;

    private final String baselineClassPath;

    private final List<String> jvmOptions;

    private final Path log;

    private final Map<WorkerKey, List<WorkerProcess>> workers = new HashMap<>();

    /**
     * Creates a pool without workers.
     *
     * @param classPath of most
     * @param baselineClassPath of those that have another build of this lock
     */
    WorkerPool(String classPath, String baselineClassPath, List<String> jvmOptions, Path log) {
        this.classPath = classPath;
        this.baselineClassPath = baselineClassPath;
        this.jvmOptions = jvmOptions;
        this.log = log;
    }

    List<WorkerProcess> get(WorkerKey key, int count) throws InterruptedException {
        List<WorkerProcess> running = this.workers.computeIfAbsent(key, absent -> new ArrayList<>());
        List<WorkerProcess> started = new ArrayList<>();
        while (running.size() < count) {
            WorkerProcess worker = WorkerProcess.start(
                    key,
                    key.contender().isBaseline() ? this.baselineClassPath : this.classPath,
                    this.jvmOptions,
                    this.log);
            running.add(worker);
            started.add(worker);
        }
        for (WorkerProcess worker : started) {
            worker.expect(Worker.READY, STARTS_WITHIN);
        }
        return running.subList(0, count);
    }

    /** Gives up workers that do not answer any more. */
    void discard(WorkerKey key) {
        List<WorkerProcess> running = this.workers.remove(key);
        if (running != null) {
            running.forEach(WorkerProcess::close);
        }
    }

    @Override
    public void close() {
        List.copyOf(this.workers.keySet()).forEach(this::discard);
    }
}
