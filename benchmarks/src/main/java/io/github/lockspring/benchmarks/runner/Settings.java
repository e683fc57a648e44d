package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.contender.ContenderType;
import io.github.lockspring.benchmarks.worker.LoadType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to measure.
 *
 * @param name of the setting, for the report
 * @param rounds of the rows with targets
 * @param growthRounds of the rows that are steps of a series; 0 to leave them out
 * @param outageRounds of the rows with outages, which take long
 * @param window for how long one contender is measured in one round
 * @param warmUp for how long each runs before its first round of a row, again and again until it is warm
 * @param mostWarmUps how often at most
 * @param only parts of the ids of the rows to be measured; empty for all
 * @param contenders who takes part, of those that a row has; empty for all
 * @param baseline jar of another build of this lock, {@code null} for none
 * @param pieces jar of the benchmarks of another build, if only the pieces inside the process are measured
 * @param redis address of a running Redis, {@code null} to start one
 * @param report file to be written, {@code null} for none
 * @param jvmOptions for the workers
 */
public record Settings(
        String name,
        int rounds,
        int growthRounds,
        int outageRounds,
        Duration window,
        Duration warmUp,
        int mostWarmUps,
        List<String> only,
        List<ContenderType> contenders,
        @Nullable Path baseline,
        @Nullable Path pieces,
        @Nullable String redis,
        @Nullable Path report,
        List<String> jvmOptions) {

    /** What the command line may say. */
    public static final String USAGE = """
            java -jar benchmarks/target/benchmarks.jar [options]
              --quick            short rounds of the rows with targets: finishes in ten minutes
              --only ROW         rows whose id contains this; may be given several times; no report unless --report
              --contender NAME   who takes part; may be given several times; no report unless --report
                                 (%s; THIS for all of this lock)
              --baseline JAR     another build of this lock, lock-spring-boot-autoconfigure-VERSION.jar: it takes part
                                 wherever this one does, next to it, and the two are compared
              --pieces JAR       nothing but the pieces inside the process, compared with those of another build's
                                 benchmarks.jar
              --rounds N         rounds of each row
              --window MILLIS    how long each contender is measured in each round; some rows take a multiple, and
                                 held locks 5 or 10 s at least unless --quick
              --warm-up MILLIS   how long each runs before its first round of a row, again until its JVMs compile no more
              --redis HOST:PORT  a Redis that runs already
              --report FILE      where to write the report (benchmarks/RESULTS.md)
              --jvm OPTION       an option for the JVMs that lock; may be given several times
              --list             print the ids of the rows that would be measured
              --help             print this
            java -cp benchmarks/target/benchmarks.jar org.openjdk.jmh.Main [JMH's options]
              the pieces inside the process
            """.formatted(contenderNames());

    private static final String QUICK = "quick";

    private static final Path REPORT = Path.of("benchmarks", "RESULTS.md");

    /**
     * Reads a command line.
     *
     * @param arguments the options
     * @return the settings
     * @throws IllegalArgumentException if an option is unknown or lacks its value
     */
    public static Settings parse(List<String> arguments) {
        boolean quick = arguments.contains("--quick");
        int rounds = quick ? 5 : 7;
        Duration window = Duration.ofMillis(quick ? 500 : 3000);
        Duration warmUp = Duration.ofMillis(quick ? 700 : 4000);
        List<String> only = new ArrayList<>();
        List<ContenderType> contenders = new ArrayList<>();
        List<String> jvmOptions = new ArrayList<>();
        Path baseline = null;
        Path pieces = null;
        String redis = null;
        Path report = null;
        for (Iterator<String> each = arguments.iterator(); each.hasNext(); ) {
            String option = each.next();
            switch (option) {
                case "--quick", "--list" -> {}
                case "--only" -> only.add(row(value(option, each)));
                case "--contender" -> contenders.addAll(contenders(value(option, each)));
                case "--baseline" -> baseline = jar(option, each);
                case "--pieces" -> pieces = jar(option, each);
                case "--rounds" -> rounds = number(option, each);
                case "--window" -> window = Duration.ofMillis(number(option, each));
                case "--warm-up" -> warmUp = Duration.ofMillis(number(option, each));
                case "--redis" -> redis = value(option, each);
                case "--report" -> report = Path.of(value(option, each));
                case "--jvm" -> jvmOptions.add(value(option, each));
                default -> throw new IllegalArgumentException("Unknown option " + option);
            }
        }
        if (report == null && only.isEmpty() && contenders.isEmpty()) {
            report = REPORT;
        }
        int growthRounds = Math.min(rounds, quick && only.isEmpty() ? 0 : 5);
        return new Settings(
                quick ? QUICK : "full",
                rounds,
                growthRounds,
                Math.min(rounds, quick ? 1 : 3),
                window,
                warmUp,
                quick ? 2 : 12,
                only,
                contenders,
                baseline,
                pieces,
                redis,
                report,
                jvmOptions);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("Option " + option + " needs a value");
        }
        return rest.next();
    }

    private static Path jar(String option, Iterator<String> rest) {
        Path jar = Path.of(value(option, rest)).toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("Option " + option + " needs a jar: there is no file " + jar);
        }
        return jar;
    }

    private static int number(String option, Iterator<String> rest) {
        String value = value(option, rest);
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException ex) {
            throw new IllegalArgumentException("Option " + option + " needs a number, not '" + value + "'", ex);
        }
        throw new IllegalArgumentException("Option " + option + " needs a number above zero, not " + value);
    }

    private static String row(String part) {
        String lower = part.toLowerCase(Locale.ROOT);
        if (Scenarios.all().stream().noneMatch(row -> row.id().contains(lower))) {
            throw new IllegalArgumentException("No row has an id that contains '" + part + "': --list names them all");
        }
        return lower;
    }

    private static List<ContenderType> contenders(String name) {
        List<ContenderType> named = choices()
                .filter(contender -> contender.name().equalsIgnoreCase(name)
                        || contender.isThisLock() && name.equalsIgnoreCase("this"))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException(
                    "No contender is called '" + name + "': they are THIS, " + contenderNames());
        }
        return named;
    }

    private static String contenderNames() {
        return choices().map(Enum::name).collect(Collectors.joining(", "));
    }

    private static Stream<ContenderType> choices() {
        return Arrays.stream(ContenderType.values()).filter(contender -> !contender.isBaseline());
    }

    /**
     * Tells whether a row is to be measured.
     *
     * @param row the row
     * @return whether it is
     */
    public boolean includes(Scenario row) {
        return rounds(row) > 0
                && (this.only.isEmpty()
                        || this.only.stream().anyMatch(part -> row.id().contains(part)));
    }

    List<ContenderType> contenders(Scenario row) {
        return row.contenders().stream()
                .filter(contender -> this.contenders.isEmpty() || this.contenders.contains(contender))
                .toList();
    }

    /** The builds of a contender that take part: one right after the other. */
    List<ContenderType> builds(ContenderType contender) {
        ContenderType other = this.baseline == null ? null : contender.baseline();
        return other == null ? List.of(contender) : List.of(contender, other);
    }

    int rounds(Scenario row) {
        if (row.load().isOutage()) {
            return this.outageRounds;
        }
        return row.growth() ? this.growthRounds : this.rounds;
    }

    /** Renewals want as much time to become warm as they are measured for: they come only now and then. */
    Duration warmUp(Scenario row) {
        return row.load() == LoadType.HELD ? window(row) : this.warmUp;
    }

    /** Renewals come once a second, so that short rounds hardly differ but by how many fell into them. */
    Duration window(Scenario row) {
        Duration window = Duration.ofNanos((long) (this.window.toNanos() * row.windows()));
        boolean longEnough = this.name.equals(QUICK) || window.compareTo(row.shortest()) >= 0;
        return longEnough ? window : row.shortest();
    }
}
