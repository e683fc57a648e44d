package io.github.lockspring.benchmarks.runner;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** The Redis under load: one of our own on a free port, or one that runs already. */
public final class RedisServer implements AutoCloseable {

    /** Ends the server when the input ends, which it does however this process ends. */
    private static final String GUARD =
            "exec 3<&0; \"$@\" </dev/null & server=$!; { cat <&3 >/dev/null; kill -9 $server; } 2>/dev/null & wait $server";

    private static final long STARTS_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String host;

    private final int port;

    /** Of the system; known while the server answers. */
    private final String processId;

    private final @Nullable Process process;

    private final RedisClient client;

    private final StatefulRedisConnection<String, String> connection;

    private RedisServer(String host, int port, @Nullable Process process) {
        this.host = host;
        this.port = port;
        this.process = process;
        this.client = RedisClient.create(RedisURI.create(host, port));
        this.connection = connect(this.client);
        this.processId = RedisUsage.lines(this.connection.sync().info("server")).getOrDefault("process_id", "");
    }

    /**
     * Uses a server that runs already.
     *
     * @param address host and port, joined by a colon
     * @return the server
     */
    public static RedisServer at(String address) {
        int colon = address.lastIndexOf(':');
        return new RedisServer(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), null);
    }

    /**
     * Starts a server, without persistence.
     *
     * @return the server
     */
    public static RedisServer start() {
        return start(freePort());
    }

    static RedisServer start(int port) {
        try {
            File binary = ExecutableProvider.newJarResourceProvider().get();
            Process process = new ProcessBuilder(List.of(
                            "sh",
                            "-c",
                            GUARD,
                            "guard",
                            binary.getAbsolutePath(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new RedisServer("127.0.0.1", port, process);
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot start a Redis; give the address of one with --redis", ex);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException ex) {
            throw new UncheckedIOException("No port is free", ex);
        }
    }

    private static StatefulRedisConnection<String, String> connect(RedisClient client) {
        long begin = System.nanoTime();
        while (true) {
            try {
                return client.connect();
            } catch (RedisException ex) {
                if (System.nanoTime() - begin > STARTS_WITHIN_NANOS) {
                    throw ex;
                }
                Thread.onSpinWait();
            }
        }
    }

    String host() {
        return this.host;
    }

    int port() {
        return this.port;
    }

    /**
     * Returns the version of the server.
     *
     * @return as INFO tells it
     */
    public String version() {
        return RedisUsage.lines(this.connection.sync().info("server")).getOrDefault("redis_version", "unknown");
    }

    RedisUsage usage() {
        return RedisUsage.parse(
                this.connection.sync().info("commandstats"),
                this.connection.sync().info("cpu"));
    }

    long keys(String pattern) {
        return this.connection.sync().keys(pattern).size();
    }

    /** Sends a signal to the server, which is one of our own. */
    void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + ' ' + this.processId)
                    .start()
                    .waitFor();
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot signal the server", ex);
        }
    }

    @Override
    public void close() {
        this.connection.close();
        this.client.shutdown(0, 1, TimeUnit.SECONDS);
        Process server = this.process;
        if (server != null) {
            try {
                server.getOutputStream().close();
                server.waitFor(5, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException ex) {
                server.destroyForcibly();
            }
        }
    }
}
