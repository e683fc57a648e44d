package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.worker.Worker;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One JVM that locks, seen from the process that measures. */
final class WorkerProcess implements AutoCloseable {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final String ENDED = "ended";

    private final Process process;

    private final Writer input;

    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();

    private WorkerProcess(Process process) {
        this.process = process;
        this.input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread reader = new Thread(this::read, "worker-output");
        reader.setDaemon(true);
        reader.start();
    }

    static WorkerProcess start(WorkerKey key, String classPath, List<String> jvmOptions, Path log) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                classPath,
                Worker.class.getName(),
                key.contender().name(),
                key.host(),
                Integer.toString(key.port()),
                key.lease().toString()));
        try {
            return new WorkerProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
                    .start());
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot start a worker", ex);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith(Worker.MARK)).forEach(this.output::add);
        } catch (IOException | UncheckedIOException ex) {
            // told below
        }
        this.output.add(ENDED);
    }

    void tell(String line) {
        try {
            this.input.write(line + '\n');
            this.input.flush();
        } catch (IOException ex) {
            throw new UncheckedIOException("A worker takes no orders any more", ex);
        }
    }

    /** Waits for a line that begins like this and returns what follows. */
    String expect(String beginning, Duration patience) throws InterruptedException {
        @Nullable String line = this.output.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null || !line.startsWith(beginning)) {
            throw new IllegalStateException("Instead of '" + beginning.strip() + "' a worker said '" + line + "'");
        }
        return line.substring(beginning.length());
    }

    @Override
    public void close() {
        try {
            this.input.close();
            if (this.process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException | InterruptedException ex) {
            // ended the hard way
        }
        this.process.destroyForcibly();
    }
}
