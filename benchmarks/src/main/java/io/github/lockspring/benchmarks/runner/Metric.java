package io.github.lockspring.benchmarks.runner;

import java.util.function.ToDoubleFunction;

/** What is read from a round. The readers are method references and hold no state. */
@SuppressWarnings("ImmutableEnumChecker")
public enum Metric {

    /** Times that all threads together got through. */
    OPERATIONS("ops/s", Round::operationsPerSecond),

    /** Time of one operation of one thread, where there is only one. */
    MICROS_PER_OPERATION("µs/op", round -> 1e6 / round.operationsPerSecond()),

    /** From asking to holding, half of the time. */
    WAIT_MEDIAN("wait p50 µs", round -> round.waitMicros(50)),

    /** From asking to holding, the slowest 1 %. */
    WAIT_P99("wait p99 µs", round -> round.waitMicros(99)),

    /** From asking to holding, at worst. */
    WAIT_MAX("wait max µs", round -> round.waitMicros(100)),

    /** The longest wait as a multiple of the mean: a bound, which every round has to keep. */
    WAIT_MAX_TO_MEAN("longest wait ÷ mean", round -> round.waitMicros(100) / round.meanWaitMicros(), Summary.LARGEST),

    /** Jain's index over the threads of all processes. */
    JAIN("Jain", Round::fairness),

    /** Commands of Redis, those inside scripts included. */
    COMMANDS("Redis commands/op", Round::commandsPerOperation),

    /** Script calls. */
    SCRIPTS("scripts/op", Round::scriptsPerOperation),

    /** Processor time of Redis. */
    REDIS_CPU("Redis CPU µs/op", Round::redisMicrosPerOperation),

    /** Processor time of the clients. */
    CLIENT_CPU("client CPU µs/op", Round::clientMicrosPerOperation),

    /** Processor time of the clients, whatever they do. */
    CLIENT_LOAD("client CPU ms/s", Round::clientMillisPerSecond),

    /** Threads of one process besides those that lock. */
    THREADS("threads", Round::clientThreads),

    /** Commands of Redis that an outage led to, whenever they came. */
    COMMANDS_PER_FAILURE("Redis commands/failed call", Round::commandsPerFailure),

    /** Script calls that an outage led to. */
    SCRIPTS_PER_FAILURE("scripts/failed call", Round::scriptsPerFailure),

    /** Calls during an outage that got no lock. */
    FAILED_CALLS("failed calls", Round::errors),

    /** Calls during an outage that got one: it ended in time. */
    OTHER_CALLS("other calls", Round::total),

    /** From the end of an outage to the first lock. */
    FIRST_LOCK("first lock ms", round -> round.waitMicros(100) / 1e3),

    /** From the end of an outage until Redis has nothing more to do. */
    QUIET("quiet after s", Round::quietSeconds),

    /** What an outage leaves on the heap. */
    HEAP_GROWTH("heap growth MB", Round::heapGrowthMegabytes),

    /** Broken rules of mutual exclusion. */
    VIOLATIONS("violations", Round::violations, Summary.SUM),

    /** Failed calls and lost locks. */
    ERRORS("errors", Round::errors, Summary.SUM);

    private final String title;

    private final ToDoubleFunction<Round> reader;

    private final Summary summary;

    Metric(String title, ToDoubleFunction<Round> reader) {
        this(title, reader, Summary.MEDIAN);
    }

    Metric(String title, ToDoubleFunction<Round> reader, Summary summary) {
        this.title = title;
        this.reader = reader;
        this.summary = summary;
    }

    /**
     * Returns what a column of it is called, with its unit.
     *
     * @return the title
     */
    public String title() {
        return this.title;
    }

    Summary summary() {
        return this.summary;
    }

    double of(Round round) {
        return this.reader.applyAsDouble(round);
    }

    /** What stands for all rounds of a row. */
    enum Summary {
        /** What is typical. */
        MEDIAN,
        /** The worst. */
        LARGEST,
        /** All together, warm-up included: there must be none. */
        SUM
    }
}
