package io.github.lockspring.samples.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sample, run as a user runs it: the jar, in a process of its own. */
public final class SampleRun implements AutoCloseable {

    private final Process process;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private final Thread reader;

    public SampleRun(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", System.getProperty("sample.jar")));
        command.addAll(Arrays.asList(arguments));
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        this.reader = new Thread(this::read);
        this.reader.start();
    }

    private void read() {
        try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(this.lines::add);
        } catch (IOException ex) {
            this.lines.add(ex.toString());
        }
    }

    public int exitCode() throws InterruptedException {
        int exitCode = this.process.waitFor();
        this.reader.join();
        return exitCode;
    }

    public ProcessHandle handle() {
        return this.process.toHandle();
    }

    /** A process that has ended is still listed where nobody asks for its exit code, but without command. */
    public static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    public String output() {
        return String.join("\n", this.lines);
    }

    /** The first figures behind a description in the table. */
    public List<Integer> figures(String description, int columns) {
        return this.lines.stream()
                .filter(line -> line.startsWith(description + " "))
                .map(line -> line.substring(description.length()).trim().split(" +"))
                .map(cells -> Arrays.stream(cells)
                        .limit(columns)
                        .map(Integer::valueOf)
                        .toList())
                .findFirst()
                .orElseThrow(() -> new AssertionError("No figures of \"" + description + "\" in\n" + output()));
    }

    /** All cells behind a description in the latest table; empty as long as there is none. */
    public List<String> cells(String description) {
        return this.lines.stream()
                .filter(line -> line.startsWith(description + "   "))
                .map(line -> List.of(line.substring(description.length()).trim().split(" {2,}")))
                .reduce(List.of(), (former, latest) -> latest);
    }

    @Override
    public void close() {
        this.process.descendants().forEach(ProcessHandle::destroyForcibly);
        this.process.destroyForcibly();
    }
}
