package io.github.lockspring.testredis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server under a parent shell that watches its standard input, so that the server does not outlive this JVM, however
 * it ends: the end of the input comes from the operating system, also after kill -9. Then its directory goes, too.
 */
final class Guard {

    private static final String SCRIPT = """
            directory=$1
            shift
            exec 3<&0
            "$@" </dev/null 3<&- >>"$directory/server.log" 2>&1 &
            server=$!
            echo $server
            (
              while read -r ignored <&3; do :; done
              trap '' TERM
              kill -9 $server
              rm -rf "$directory"
            ) >/dev/null 2>&1 &
            watcher=$!
            wait $server
            kill $watcher 2>/dev/null
            """;

    private final Process shell;

    private final long server;

    private Guard(Process shell, long server) {
        this.shell = shell;
        this.server = server;
    }

    /**
     * Starts a command.
     *
     * @param directory where it runs and logs, in {@code server.log}; removed when this JVM dies before it
     */
    static Guard start(Path directory, List<String> command) {
        List<String> guarded = new ArrayList<>(List.of("sh", "-c", SCRIPT, "guard", directory.toString()));
        guarded.addAll(command);
        try {
            Process shell = new ProcessBuilder(guarded)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
            return new Guard(shell, Long.parseLong(output.readLine()));
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot start " + command.get(0), ex);
        }
    }

    long serverPid() {
        return this.server;
    }

    boolean isAlive() {
        return this.shell.isAlive();
    }

    /** Sends a signal to the server, by the name that {@code kill} knows. */
    void signal(String name) {
        Signals.send(name, this.server);
    }

    /** Waits until the server has ended. */
    void awaitEnd() {
        try {
            if (!this.shell.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Process " + this.server + " does not end");
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", ex);
        }
    }
}
