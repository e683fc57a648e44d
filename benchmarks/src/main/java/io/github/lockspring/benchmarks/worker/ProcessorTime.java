package io.github.lockspring.benchmarks.worker;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Processor time of this process up to a moment. The process's own figure has everything, but comes in steps of 10 ms on
 * Linux; those of its threads come in nanoseconds, but lack what a thread used that has ended. The latter are trusted as
 * long as the former does not contradict them, so that a difference is never wrong by more than the steps, and exact when
 * no thread ended meanwhile.
 *
 * @param process of the whole process, in nanoseconds
 * @param threads of each thread by its id, in nanoseconds; empty where the platform does not tell
 */
record ProcessorTime(long process, Map<String, Long> threads) {

    /** User and system time, both cut to 10 ms. */
    private static final long STEPS_NANOS = 20_000_000;

    private static final Path TASKS = Path.of("/proc/self/task");

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    static ProcessorTime now() {
        return new ProcessorTime(SYSTEM.getProcessCpuTime(), readThreads());
    }

    private static Map<String, Long> readThreads() {
        Map<String, Long> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                try {
                    String used = Files.readString(task.resolve("schedstat"));
                    threads.put(task.getFileName().toString(), Long.valueOf(used.substring(0, used.indexOf(' '))));
                } catch (IOException ex) {
                    // ended just now
                }
            }
        } catch (IOException ex) {
            return Map.of();
        }
        return threads;
    }

    /** A thread that is new counts from 0, one that has ended not at all. */
    long nanosSince(ProcessorTime earlier) {
        long all = this.process - earlier.process;
        long alive = this.threads.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - earlier.threads.getOrDefault(thread.getKey(), 0L))
                .sum();
        return alive > 0 && Math.abs(all - alive) <= STEPS_NANOS ? alive : all;
    }
}
