package io.github.lockspring.benchmarks;

import io.github.lockspring.benchmarks.report.Report;
import io.github.lockspring.benchmarks.runner.Pieces;
import io.github.lockspring.benchmarks.runner.RedisServer;
import io.github.lockspring.benchmarks.runner.Runner;
import io.github.lockspring.benchmarks.runner.Scenario;
import io.github.lockspring.benchmarks.runner.Scenarios;
import io.github.lockspring.benchmarks.runner.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** Measures this lock and its peers side by side: see {@link Settings#USAGE}. */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Measures.
     *
     * @param arguments the options
     * @throws Exception if it does not work
     */
    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        if (options.contains("--help")) {
            System.out.print(Settings.USAGE);
            return;
        }
        Settings settings;
        try {
            settings = Settings.parse(options);
        } catch (IllegalArgumentException ex) {
            System.err.println(ex.getMessage());
            System.err.print(Settings.USAGE);
            System.exit(2);
            return;
        }
        if (options.contains("--list")) {
            Scenarios.all().stream()
                    .filter(settings::includes)
                    .forEach(row -> System.out.println(row.id() + "  " + row.title()));
            return;
        }
        Path pieces = settings.pieces();
        if (pieces != null) {
            System.out.println(Report.comparison(Pieces.measure(pieces, settings.rounds(), System.err::println)));
            return;
        }
        measure(settings);
    }

    private static void measure(Settings settings) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("benchmarks");
        String address = settings.redis();
        try (RedisServer redis = address != null ? RedisServer.at(address) : RedisServer.start();
                Runner runner = new Runner(settings, redis, directory)) {
            Report report = new Report(settings, redis.version());
            Path file = settings.report();
            for (Scenario row : Scenarios.all()) {
                if (settings.includes(row)) {
                    System.out.println(report.add(runner.measure(row, System.err::println)));
                    if (file != null) {
                        report.write(file);
                    }
                }
            }
            System.out.println(report.targets());
            if (settings.baseline() != null) {
                System.out.println(report.comparison());
            }
        }
        FileSystemUtils.deleteRecursively(directory);
        System.exit(0);
    }
}
