package io.github.lockspring.testredis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Sends signals by the shell's own {@code kill}, because not every machine has the program. */
final class Signals {

    private Signals() {}

    /** Stops a process. Its threads stop one after the other, when the scheduler comes to them: waits for the last. */
    static void stop(long pid) {
        send("STOP", pid);
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> isStopped(Path.of("/proc/" + pid + "/task")));
    }

    private static boolean isStopped(Path threads) throws IOException {
        if (!Files.isDirectory(threads)) {
            return true; // not a Linux: there is nothing to ask
        }
        try (Stream<Path> all = Files.list(threads)) {
            return all.allMatch(Signals::isThreadStopped);
        }
    }

    /** What follows the name in parentheses is the state. */
    private static boolean isThreadStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException ended) {
            return true;
        }
    }

    static void send(String name, long pid) {
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("Cannot send " + name + " to process " + pid);
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", ex);
        }
    }
}
