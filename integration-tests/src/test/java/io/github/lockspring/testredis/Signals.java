package io.github.lockspring.testredis;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends signals by the shell's own {@code kill}, because not every machine has the program. */
final class Signals {

    private Signals() {}

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
