package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.SaleCommand;
import io.github.lockspring.samples.flashsale.load.SaleEvent;
import io.github.lockspring.samples.flashsale.load.SaleEvent.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One selling process: commands go to its standard input, whose end ends it; events come from its standard output. */
final class ShopProcess implements AutoCloseable {

    private final int number;

    private final Process process;

    private final Writer commands;

    ShopProcess(int number, List<String> arguments, Consumer<SaleEvent> events) {
        this.number = number;
        try {
            this.process = new ProcessBuilder(JavaCommand.of(arguments))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException ex) {
            throw new ShowException("Process " + number + " does not start: " + ex.getMessage(), ex);
        }
        this.commands = this.process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(events), "process-" + number);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Consumer<SaleEvent> events) {
        try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                SaleEvent.parse(line).ifPresentOrElse(events, printer(line));
            }
            events.accept(SaleEvent.of(
                    Kind.ENDED, "process " + this.number + " has ended with exit code " + this.process.waitFor()));
        } catch (IOException ex) {
            events.accept(SaleEvent.of(Kind.ENDED, "process " + this.number + " cannot be heard any more: " + ex));
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private Runnable printer(String line) {
        return () -> System.err.println("[process " + this.number + "] " + line);
    }

    long pid() {
        return this.process.pid();
    }

    void send(SaleCommand command) {
        try {
            this.commands.write(command.toLine() + "\n");
            this.commands.flush();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Has the process end in good order. */
    void dismiss() {
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
