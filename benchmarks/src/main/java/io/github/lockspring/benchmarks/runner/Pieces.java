package io.github.lockspring.benchmarks.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.Main;

/**
 * The pieces inside the process, measured by JMH in turns: those of this build and those of another, each as compiled
 * with its own lock.
 */
public final class Pieces {

    /** A line of the results: benchmark, mode, threads, samples, score. */
    private static final Pattern SCORE = Pattern.compile("\"[^\"]*?(\\w+\\.\\w+)\",\"avgt\",\\d+,\\d+,([\\d.]+),");

    private final Map<String, List<Double>> present = new LinkedHashMap<>();

    private final Map<String, List<Double>> baseline = new LinkedHashMap<>();

    private Pieces() {}

    /**
     * Measures.
     *
     * @param benchmarks of the other build: its {@code benchmarks.jar}, with its libraries beside it
     * @param rounds how often each of the two
     * @param progress is told of every step
     * @return the figures
     * @throws IOException if JMH cannot be run
     * @throws InterruptedException if this process is to end
     */
    public static Pieces measure(Path benchmarks, int rounds, Consumer<String> progress)
            throws IOException, InterruptedException {
        Pieces pieces = new Pieces();
        String here = System.getProperty("java.class.path");
        Path results = Files.createTempFile("pieces", ".csv");
        for (int round = 0; round < rounds; round++) {
            progress.accept("pieces, round " + (round + 1));
            if (round % 2 == 0) {
                run(here, results, pieces.present);
            }
            run(benchmarks.toString(), results, pieces.baseline);
            if (round % 2 == 1) {
                run(here, results, pieces.present);
            }
        }
        Files.delete(results);
        return pieces;
    }

    private static void run(String classPath, Path results, Map<String, List<Double>> scores)
            throws IOException, InterruptedException {
        int exit = new ProcessBuilder(
                        WorkerProcess.JAVA,
                        "-Duser.language=en",
                        "-cp",
                        classPath,
                        Main.class.getName(),
                        "-rf",
                        "csv",
                        "-rff",
                        results.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("JMH failed with the class path " + classPath);
        }
        for (Matcher each = SCORE.matcher(Files.readString(results)); each.find(); ) {
            scores.computeIfAbsent(each.group(1), absent -> new ArrayList<>()).add(Double.valueOf(each.group(2)));
        }
    }

    /**
     * Returns what was measured of both builds.
     *
     * @return names of benchmarks
     */
    public List<String> names() {
        return this.present.keySet().stream().filter(this.baseline::containsKey).toList();
    }

    /**
     * Returns the time of one call with this build.
     *
     * @param name of a benchmark
     * @return nanoseconds
     */
    public Quartiles present(String name) {
        return Quartiles.of(array(this.present, name));
    }

    /**
     * Returns the time of one call with the other build.
     *
     * @param name of a benchmark
     * @return nanoseconds
     */
    public Quartiles baseline(String name) {
        return Quartiles.of(array(this.baseline, name));
    }

    /**
     * Compares the two round by round.
     *
     * @param name of a benchmark
     * @return how many times as fast this build is
     */
    public Quartiles speed(String name) {
        return Quartiles.ofRatios(array(this.baseline, name), array(this.present, name));
    }

    private static double[] array(Map<String, List<Double>> scores, String name) {
        return scores.getOrDefault(name, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
