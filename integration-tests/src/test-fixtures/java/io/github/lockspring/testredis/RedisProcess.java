package io.github.lockspring.testredis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Redis of one's own, to be broken: always a local process, never the shared one. It listens on the loopback address,
 * keeps one port and one data directory through all restarts, and persists nothing unless its arguments say so.
 */
public final class RedisProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int ATTEMPTS = 5;

    private final Path directory = Directories.createTemporary();

    private final List<String> arguments;

    private int port;

    private @Nullable Guard guard;

    private RedisProcess(List<String> arguments) {
        this.arguments = arguments;
        this.port = FreePorts.next();
    }

    /** Picks a port and starts nothing yet. */
    public static RedisProcess down(String... arguments) {
        return new RedisProcess(List.of(arguments));
    }

    /** Starts a server and waits until it answers. */
    public static RedisProcess started(String... arguments) {
        RedisProcess redis = down(arguments);
        try {
            for (int attempt = 1; !redis.tryStart(); attempt++) {
                if (attempt == ATTEMPTS) {
                    throw new IllegalStateException("Redis does not start: " + redis.log());
                }
                redis.port = FreePorts.next();
            }
            return redis;
        } catch (RuntimeException ex) {
            redis.close();
            throw ex;
        }
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return this.port;
    }

    /** Where the server keeps its data, until {@link #close()}. */
    public Path directory() {
        return this.directory;
    }

    public long pid() {
        return running().serverPid();
    }

    public boolean isAlive() {
        return this.guard != null && this.guard.isAlive();
    }

    /** Opens a connection for looking inside. */
    public RespClient client() {
        return RespClient.connect(host(), this.port);
    }

    /** Starts the server on its port, with what its data directory holds. */
    public void start() {
        if (isAlive()) {
            throw new IllegalStateException("Redis is running already");
        }
        if (!tryStart()) {
            throw new IllegalStateException("Redis does not start on port " + this.port + ": " + log());
        }
    }

    /** Ends the server in an orderly way. */
    public void stop() {
        end("TERM");
    }

    /** Ends the server with kill -9. */
    public void kill() {
        end("KILL");
    }

    public void restart() {
        stop();
        start();
    }

    /** Stops the server from running any further (SIGSTOP): connections stay open, nothing is answered. */
    public void pause() {
        running().signal("STOP");
    }

    /** Lets a paused server go on, beginning with what was sent to it meanwhile. */
    public void resume() {
        running().signal("CONT");
    }

    /** Ends the server, if it runs, and removes its data. */
    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
        Directories.delete(this.directory);
    }

    private Guard running() {
        Guard current = this.guard;
        if (current == null || !current.isAlive()) {
            throw new IllegalStateException("Redis is not running");
        }
        return current;
    }

    private void end(String signal) {
        Guard current = running();
        current.signal(signal);
        current.awaitEnd();
        this.guard = null;
    }

    private boolean tryStart() {
        Guard started = Guard.start(this.directory, commandLine());
        this.guard = started;
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !started.isAlive() || answers(started.serverPid()));
        } catch (ConditionTimeoutException ex) {
            throw new IllegalStateException("Redis does not answer: " + log(), ex);
        }
        return started.isAlive();
    }

    private List<String> commandLine() {
        List<String> command = new ArrayList<>();
        command.add(RedisBinary.find().path().toString());
        command.addAll(List.of("--port", Integer.toString(this.port), "--bind", host(), "--save", ""));
        command.addAll(this.arguments);
        return command;
    }

    /** What answers must be the process that was started, not another that took the port first, with its data loaded. */
    private boolean answers(long pid) {
        try (RespClient client = RespClient.connect(host(), this.port, Duration.ofSeconds(1))) {
            String info = client.text("INFO");
            return info.contains("process_id:" + pid + "\r\n") && info.contains("\r\nloading:0\r\n");
        } catch (UncheckedIOException | RespException notYet) {
            return notYet instanceof RespException reply && reply.getMessage().startsWith("NOAUTH");
        }
    }

    private String log() {
        try {
            return Files.readString(this.directory.resolve("server.log"));
        } catch (IOException ex) {
            return "no log: " + ex.getMessage();
        }
    }
}
