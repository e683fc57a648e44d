package io.github.lockspring.benchmarks.runner;

import static io.github.lockspring.benchmarks.contender.ContenderType.ANNOTATION;
import static io.github.lockspring.benchmarks.contender.ContenderType.ANNOTATION_IN_MEMORY;
import static io.github.lockspring.benchmarks.contender.ContenderType.FLOOR;
import static io.github.lockspring.benchmarks.contender.ContenderType.IDEAL;
import static io.github.lockspring.benchmarks.contender.ContenderType.LOCK4J;
import static io.github.lockspring.benchmarks.contender.ContenderType.REDISSON;
import static io.github.lockspring.benchmarks.contender.ContenderType.SHEDLOCK;
import static io.github.lockspring.benchmarks.contender.ContenderType.SPRING_PUB_SUB;
import static io.github.lockspring.benchmarks.contender.ContenderType.SPRING_SPIN;
import static io.github.lockspring.benchmarks.contender.ContenderType.TEMPLATE;
import static io.github.lockspring.benchmarks.contender.ContenderType.TEMPLATE_IN_MEMORY;

import io.github.lockspring.benchmarks.contender.ContenderType;
import io.github.lockspring.benchmarks.worker.LoadType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All rows, in the order of the report. */
public final class Scenarios {

    private static final ContenderType[] WAITING = {REDISSON, SPRING_SPIN, SPRING_PUB_SUB, LOCK4J, TEMPLATE, ANNOTATION
    };

    private static final ContenderType[] GROWING = {REDISSON, TEMPLATE};

    private Scenarios() {}

    /**
     * Returns the rows.
     *
     * @return those with targets first
     */
    public static List<Scenario> all() {
        List<Scenario> rows = new ArrayList<>();
        withoutContention(rows);
        oneHotLock(rows);
        handOvers(rows);
        held(rows);
        outages(rows);
        growth(rows);
        network(rows);
        return rows;
    }

    private static void withoutContention(List<Scenario> rows) {
        ContenderType[] all = {FLOOR, REDISSON, SPRING_SPIN, SPRING_PUB_SUB, LOCK4J, SHEDLOCK, TEMPLATE, ANNOTATION};
        rows.add(Scenario.of("free", "acquire + release, one thread, free lock")
                .ownLocks()
                .target(Target.atLeast(Metric.OPERATIONS, FLOOR, 1.5))
                .by(all));
        rows.add(Scenario.of("own-32", "32 threads on their own locks")
                .callers(1, 32)
                .ownLocks()
                .target(Target.atLeast(Metric.OPERATIONS, FLOOR, 1.2))
                .by(all));
        rows.add(Scenario.of("annotation", "through the annotation instead of the template, no network")
                .ownLocks()
                .target(new Target(
                        ANNOTATION_IN_MEMORY,
                        Metric.MICROS_PER_OPERATION,
                        Target.Comparison.DIFFERENCE,
                        TEMPLATE_IN_MEMORY,
                        false,
                        5))
                .by(TEMPLATE_IN_MEMORY, ANNOTATION_IN_MEMORY));
    }

    private static void oneHotLock(List<Scenario> rows) {
        rows.add(Scenario.of("hot-1x16", "one hot lock, 16 threads of one process")
                .callers(1, 16)
                .target(Target.atLeast(Metric.OPERATIONS, REDISSON, 500))
                .by(WAITING));
        rows.add(Scenario.of("hot-4x4", "one hot lock, 4 processes × 4 threads")
                .callers(4, 4)
                .windows(2)
                .target(Target.atLeast(Metric.OPERATIONS, REDISSON, 500))
                .target(Target.atLeast(Metric.JAIN, 0.95))
                .by(WAITING));
        rows.add(Scenario.of("work-4x4", "one hot lock, 4 processes × 4 threads, 1 ms of work (parked)")
                .callers(4, 4)
                .work(Duration.ofMillis(1))
                .windows(3)
                .target(Target.atLeast(Metric.OPERATIONS, IDEAL, 0.85))
                .target(Target.atLeast(Metric.OPERATIONS, REDISSON, 1.25))
                .target(Target.atLeast(Metric.JAIN, 0.99))
                .target(Target.atMost(Metric.WAIT_P99, REDISSON, 0.5))
                .target(Target.atMost(Metric.WAIT_MAX_TO_MEAN, 20))
                .by(IDEAL, REDISSON, SPRING_SPIN, SPRING_PUB_SUB, LOCK4J, TEMPLATE, ANNOTATION));
        rows.add(Scenario.of("shared-8", "8 shared locks, 4 processes × 8 threads")
                .callers(4, 8)
                .sharedLocks(8)
                .target(Target.atLeast(Metric.OPERATIONS, REDISSON, 20))
                .by(WAITING));
    }

    private static void handOvers(List<Scenario> rows) {
        rows.add(Scenario.of("hand-overs-4x1", "one hot lock, 4 processes × 1 thread, no work")
                .callers(4, 1)
                .target(Target.atLeast(Metric.OPERATIONS, REDISSON, 2.4))
                .target(Target.atLeast(Metric.JAIN, 0.95))
                .by(REDISSON, SPRING_SPIN, SPRING_PUB_SUB, LOCK4J, TEMPLATE));
        rows.add(Scenario.of("hand-over-time", "release to holding in another, waiting process")
                .handOver()
                .windows(4)
                .target(Target.atMost(Metric.WAIT_MEDIAN, REDISSON, 0.8))
                .by(REDISSON, SPRING_SPIN, SPRING_PUB_SUB, LOCK4J, TEMPLATE));
    }

    /** Without Lock4j: it starts a thread for each lock and again for each renewal, more than many machines have. */
    private static void held(List<Scenario> rows) {
        rows.add(Scenario.of("held-2000", "holding 2000 locks of 3 s, renewed")
                .held(2000)
                .windows(5)
                .shortest(Duration.ofSeconds(10))
                .target(Target.atMost(Metric.CLIENT_LOAD, REDISSON, 0.5))
                .target(Target.atMost(Metric.THREADS, 0))
                .by(REDISSON, SPRING_SPIN, TEMPLATE));
    }

    private static void outages(List<Scenario> rows) {
        rows.add(Scenario.of("outage-hang", "commands per failed call during an outage, Redis hangs")
                .outage(LoadType.HANG)
                .windows(10)
                .target(Target.atMost(Metric.FIRST_LOCK, 2000))
                .target(Target.atMost(Metric.QUIET, 5))
                .by(GROWING));
        rows.add(Scenario.of("outage-down", "commands per failed call during an outage, Redis is down")
                .outage(LoadType.DOWN)
                .windows(10)
                .target(Target.atMost(Metric.FIRST_LOCK, 2000))
                .target(Target.atMost(Metric.QUIET, 5))
                .by(GROWING));
    }

    private static void growth(List<Scenario> rows) {
        for (int threads : new int[] {1, 2, 4, 8, 16, 32, 64}) {
            rows.add(Scenario.of("threads-" + threads, "one hot lock, threads of one process: " + threads)
                    .callers(1, threads)
                    .growth()
                    .by(GROWING));
        }
        for (int processes : new int[] {1, 2, 4, 8}) {
            rows.add(Scenario.of("processes-" + processes, "one hot lock, processes of one thread: " + processes)
                    .callers(processes, 1)
                    .growth()
                    .by(GROWING));
        }
        for (int locks : new int[] {1, 10, 100, 1000, 10_000}) {
            rows.add(Scenario.of("locks-" + locks, "held locks of 3 s, renewed: " + locks)
                    .held(locks)
                    .windows(5)
                    .shortest(Duration.ofSeconds(5))
                    .growth()
                    .by(GROWING));
        }
    }

    private static void network(List<Scenario> rows) {
        for (int millis : new int[] {1, 10}) {
            Duration delay = Duration.ofMillis(millis);
            String added = ", network " + millis + " ms slower each way";
            rows.add(Scenario.of("delay-" + millis + "-hot", "one hot lock, 4 processes × 4 threads" + added)
                    .callers(4, 4)
                    .delay(delay)
                    .growth()
                    .by(GROWING));
            rows.add(Scenario.of("delay-" + millis + "-hand-over", "release to holding in another process" + added)
                    .handOver()
                    .delay(delay)
                    .windows(4)
                    .growth()
                    .by(GROWING));
        }
    }
}
