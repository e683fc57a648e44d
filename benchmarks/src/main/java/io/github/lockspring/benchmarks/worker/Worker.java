package io.github.lockspring.benchmarks.worker;

import io.github.lockspring.benchmarks.contender.Contender;
import io.github.lockspring.benchmarks.contender.ContenderSettings;
import io.github.lockspring.benchmarks.contender.ContenderType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process that locks. Takes jobs on its standard input and answers on its standard output, each line beginning with
 * {@link #MARK}; ends with its input.
 */
public final class Worker {

    /** What lines of the protocol begin with, others being noise. */
    public static final String MARK = "@bench ";

    /** The worker is open, or ready to begin the job. */
    public static final String READY = MARK + "ready";

    /** The job is done; follows how long the JVM compiled meanwhile, in milliseconds, and the measurement. */
    public static final String DONE = MARK + "done ";

    private final BlockingQueue<String> input = new LinkedBlockingQueue<>();

    private final PrintStream output;

    private Worker(PrintStream output) {
        this.output = output;
    }

    /**
     * Runs a worker.
     *
     * @param arguments contender, host, port, lease
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        ProcessUsage.begin();
        ContenderSettings settings =
                new ContenderSettings(arguments[1], Integer.parseInt(arguments[2]), Duration.parse(arguments[3]));
        Worker worker = new Worker(System.out);
        Thread reader = new Thread(worker::read, "worker-input");
        reader.setDaemon(true);
        reader.start();
        worker.work(ContenderType.valueOf(arguments[0]).open(settings));
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            lines.lines().forEach(this.input::add);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private void work(Contender contender) throws InterruptedException {
        say(READY);
        while (true) {
            Job job = Job.parse(this.input.take());
            Arena arena = Arena.open(job.arena());
            long compiled = ProcessUsage.compileMillis();
            Measurement measurement = job.load().load().run(job, contender, arena, this::awaitStart);
            say(DONE + (ProcessUsage.compileMillis() - compiled) + ' ' + measurement.toLine());
        }
    }

    private long awaitStart() throws InterruptedException {
        say(READY);
        return Long.parseLong(this.input.take());
    }

    private void say(String line) {
        this.output.println(line);
        this.output.flush();
    }
}
