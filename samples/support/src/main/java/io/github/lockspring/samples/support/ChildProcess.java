package io.github.lockspring.samples.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process of the sample: commands go to its standard input, whose end ends it; events come from its standard output. */
final class ChildProcess implements AutoCloseable {

    private final int number;

    private final Process process;

    private final Writer commands;

    private volatile boolean killed;

    /** What it prints while it ends is no news. */
    private volatile boolean dismissed;

    ChildProcess(int number, List<String> command, Consumer<ProcessEvent> events) {
        this.number = number;
        try {
            this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException ex) {
            throw new ShowException("Process " + number + " does not start: " + ex.getMessage(), ex);
        }
        this.commands = this.process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(events), "process-" + number);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Consumer<ProcessEvent> events) {
        try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                ProcessEvent.parse(line).ifPresentOrElse(events, printer(line));
            }
            reportEnd(events, "has ended with exit code " + this.process.waitFor());
        } catch (IOException ex) {
            reportEnd(events, "cannot be heard any more: " + ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void reportEnd(Consumer<ProcessEvent> events, String how) {
        if (!this.killed) {
            events.accept(ProcessEvent.of(ProcessEvent.ENDED, "process " + this.number + " " + how));
        }
    }

    private Runnable printer(String line) {
        return () -> {
            if (!this.dismissed) {
                System.err.println("[process " + this.number + "] " + line);
            }
        };
    }

    long pid() {
        return this.process.pid();
    }

    boolean isKilled() {
        return this.killed;
    }

    void send(String command) {
        try {
            this.commands.write(command + "\n");
            this.commands.flush();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Ends the process without giving it time for anything, and returns once it has ended. */
    void kill() {
        this.killed = true;
        this.process.destroyForcibly();
        try {
            this.process.waitFor();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the process end in good order. */
    void dismiss() {
        this.dismissed = true;
        try {
            this.commands.close();
        } catch (IOException ex) {
            // It has ended already: nobody listens any more.
        }
    }

    /** Returns once the process has ended, one way or the other. */
    @Override
    public void close() {
        dismiss();
        try {
            if (this.process.waitFor(5, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        this.process.destroyForcibly();
    }
}
