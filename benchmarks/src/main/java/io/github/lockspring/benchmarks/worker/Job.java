package io.github.lockspring.benchmarks.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a worker is told to do, as one line of text.
 *
 * @param load the kind of work
 * @param run names this run: part of every key
 * @param worker number of this worker among those of the run
 * @param threads how many threads of this worker lock
 * @param locks how many locks all threads share; 0: each has its own; for held locks: how many one worker holds
 * @param work how long a thread is parked inside
 * @param window for how long to measure
 * @param arena file that the workers of the run share
 */
public record Job(
        LoadType load, String run, int worker, int threads, int locks, Duration work, Duration window, Path arena) {

    /** Comes after the run in the keys of held locks, and in no others. */
    public static final String HELD = "-held-";

    /**
     * Reads a job.
     *
     * @param line what {@link #toLine} wrote
     * @return the job
     */
    public static Job parse(String line) {
        List<String> parts = List.of(line.split(" ", 8));
        return new Job(
                LoadType.valueOf(parts.get(0)),
                parts.get(1),
                Integer.parseInt(parts.get(2)),
                Integer.parseInt(parts.get(3)),
                Integer.parseInt(parts.get(4)),
                Duration.parse(parts.get(5)),
                Duration.parse(parts.get(6)),
                Path.of(parts.get(7)));
    }

    /**
     * Writes this job.
     *
     * @return one line
     */
    public String toLine() {
        return String.join(
                " ",
                this.load.name(),
                this.run,
                Integer.toString(this.worker),
                Integer.toString(this.threads),
                Integer.toString(this.locks),
                this.work.toString(),
                this.window.toString(),
                this.arena.toString());
    }
}
