package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.contender.ContenderType;
import io.github.lockspring.benchmarks.worker.LoadType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One row: who does what how often.
 *
 * @param id what {@code --only} looks for
 * @param title what people read
 * @param load the kind of work
 * @param processes how many JVMs
 * @param threads of each of them
 * @param locks that all share; 0: each thread has its own; for held locks: how many one process holds
 * @param work how long a thread is parked inside
 * @param delay added to the network in either direction
 * @param lease time to live of a lock
 * @param windows how many times as long as others this row is measured
 * @param shortest what a round lasts at least, unless it is to be quick
 * @param growth whether the row is one step of a series, of fewer rounds
 * @param contenders who takes part
 * @param targets what is wanted
 */
public record Scenario(
        String id,
        String title,
        LoadType load,
        int processes,
        int threads,
        int locks,
        Duration work,
        Duration delay,
        Duration lease,
        double windows,
        Duration shortest,
        boolean growth,
        List<ContenderType> contenders,
        List<Target> targets) {

    static Builder of(String id, String title) {
        return new Builder(id, title);
    }

    int processes(ContenderType contender) {
        return contender == ContenderType.IDEAL ? 1 : this.processes;
    }

    int threads(ContenderType contender) {
        return contender == ContenderType.IDEAL ? 1 : this.threads;
    }

    /** Describes a row, step by step. */
    static final class Builder {

        private final String id;

        private final String title;

        private LoadType load = LoadType.THROUGHPUT;

        private int processes = 1;

        private int threads = 1;

        private int locks = 1;

        private Duration work = Duration.ZERO;

        private Duration delay = Duration.ZERO;

        private Duration lease = Duration.ofSeconds(30);

        private double windows = 1;

        private Duration shortest = Duration.ZERO;

        private boolean growth;

        private final List<Target> targets = new ArrayList<>();

        private Builder(String id, String title) {
            this.id = id;
            this.title = title;
        }

        Builder callers(int processes, int threads) {
            this.processes = processes;
            this.threads = threads;
            return this;
        }

        Builder ownLocks() {
            return sharedLocks(0);
        }

        Builder sharedLocks(int locks) {
            this.locks = locks;
            return this;
        }

        Builder work(Duration work) {
            this.work = work;
            return this;
        }

        Builder delay(Duration delay) {
            this.delay = delay;
            return this;
        }

        Builder handOver() {
            this.load = LoadType.HAND_OVER;
            return callers(2, 1);
        }

        /** A short lease, so that there are several renewals within the window. */
        Builder held(int locks) {
            this.load = LoadType.HELD;
            this.lease = Duration.ofSeconds(3);
            return sharedLocks(locks);
        }

        /** Each round starts a Redis and a process that locks. */
        Builder outage(LoadType load) {
            this.load = load;
            return ownLocks();
        }

        Builder windows(double windows) {
            this.windows = windows;
            return this;
        }

        Builder shortest(Duration shortest) {
            this.shortest = shortest;
            return this;
        }

        Builder growth() {
            this.growth = true;
            return this;
        }

        Builder target(Target target) {
            this.targets.add(target);
            return this;
        }

        Scenario by(ContenderType... contenders) {
            return new Scenario(
                    this.id,
                    this.title,
                    this.load,
                    this.processes,
                    this.threads,
                    this.locks,
                    this.work,
                    this.delay,
                    this.lease,
                    this.windows,
                    this.shortest,
                    this.growth,
                    List.of(contenders),
                    List.copyOf(this.targets));
        }
    }
}
