package io.github.lockspring.testredis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A JVM of its own on the class path of this one. Its main class talks over standard input and output by way of a
 * {@link ParentJvm}, which also ends it together with this JVM.
 */
public final class JvmProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;

    private final CountDownLatch ended = new CountDownLatch(1);

    private final Queue<String> messages = new ConcurrentLinkedQueue<>();

    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    private JvmProcess(Process process) {
        this.process = process;
        Daemons.start("output-of-" + process.pid(), this::read);
    }

    public static JvmProcess start(Class<?> main, Object... arguments) {
        return start(List.of(), main, arguments);
    }

    public static JvmProcess start(List<String> options, Class<?> main, Object... arguments) {
        return start(options, Map.of(), main, arguments);
    }

    /**
     * Starts a process.
     *
     * @param options of the JVM
     * @param environment variables that it has beside, or instead of, those of this JVM
     * @param main has its main method
     * @param arguments of that method
     */
    public static JvmProcess start(
            List<String> options, Map<String, String> environment, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new JvmProcess(builder.start());
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    public long pid() {
        return this.process.pid();
    }

    public boolean isAlive() {
        return this.process.isAlive();
    }

    /** Sends a command to the process. */
    public void send(String command) {
        try {
            this.process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
            this.process.getOutputStream().flush();
        } catch (IOException ex) {
            throw new UncheckedIOException("Process " + pid() + " does not listen: " + this.output, ex);
        }
    }

    /** Waits for the next message with that word, passing over others, and returns what stands behind the word. */
    public String await(String word) {
        String message = awaitAny(word, "failed");
        if (!message.startsWith(word)) {
            throw new AssertionError("Instead of '" + word + "' process " + pid() + " says: " + message);
        }
        return message.substring(Math.min(word.length() + 1, message.length()));
    }

    /** Waits for the next message with one of these words, passing over others, and returns the whole message. */
    public String awaitAny(String... words) {
        List<String> found = new ArrayList<>();
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        boolean ended = this.ended.getCount() == 0;
                        return take(words, found) || ended;
                    });
        } catch (ConditionTimeoutException ex) {
            throw new AssertionError("Process " + pid() + " says none of " + List.of(words) + ": " + this.output, ex);
        }
        if (found.isEmpty()) {
            throw new AssertionError("Process " + pid() + " ended without any of " + List.of(words) + this.output);
        }
        return found.get(0);
    }

    /** Ends the process with kill -9. */
    public void kill() {
        this.process.destroyForcibly();
        awaitEnd();
    }

    /** Stops the process from running any further (SIGSTOP). */
    public void pause() {
        Signals.stop(pid());
    }

    /** Lets a paused process go on. */
    public void resume() {
        Signals.send("CONT", pid());
    }

    @Override
    public void close() {
        kill();
    }

    private void awaitEnd() {
        try {
            if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Process " + pid() + " does not end");
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", ex);
        }
    }

    private boolean take(String[] words, List<String> found) {
        for (String message = this.messages.poll(); message != null; message = this.messages.poll()) {
            if (List.of(words).contains(message.split(" ", 2)[0])) {
                found.add(message);
                return true;
            }
        }
        return false;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                this.output.add(line);
                if (line.startsWith(ParentJvm.MARK)) {
                    this.messages.add(line.substring(ParentJvm.MARK.length()));
                }
            }
        } catch (IOException ex) {
            this.output.add("Output ends: " + ex);
        } finally {
            this.ended.countDown();
        }
    }
}
