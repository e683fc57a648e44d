package io.github.lockspring.samples.support;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;
import redis.embedded.core.ExecutableProvider;

/** Redis as a child process, on a free port, without anything on disk that would outlive it. */
public final class EmbeddedRedis implements SharedServer {

    /**
     * Ends the server and removes its directory as soon as standard input ends, which it does even when this process is
     * killed. Signals of the terminal are left to this process.
     */
    private static final String GUARD = """
            trap '' HUP INT TERM
            exec 3<&0
            "$@" </dev/null &
            server=$!
            (cat <&3; kill -9 $server; rm -rf "$0") >/dev/null 2>&1 &
            wait $server
            """;

    private final int port;

    private final Process process;

    private EmbeddedRedis() {
        try {
            if (File.separatorChar != '/') {
                throw new IOException("there is none for this operating system that is recent enough");
            }
            Path directory = Files.createTempDirectory("sample-redis");
            this.port = freePort();
            this.process = start(directory.toFile(), this.port);
            awaitReady();
        } catch (IOException ex) {
            throw new ShowException(
                    "The embedded Redis does not start: " + ex.getMessage()
                            + ". Name another one: --spring.data.redis.host=... --spring.data.redis.port=...",
                    ex);
        }
    }

    /** Starts one, unless the environment says where there is another one. */
    public static SharedServer unlessGiven(Environment environment) {
        return Stream.of("url", "host", "port", "sentinel.nodes", "cluster.nodes")
                .map(name -> "spring.data.redis." + name)
                .filter(environment::containsProperty)
                .findFirst()
                .map(name -> SharedServer.given("as given by " + name))
                .orElseGet(EmbeddedRedis::new);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process start(File directory, int port) throws IOException {
        File executable = ExecutableProvider.newJarResourceProvider(directory).get();
        List<String> command = new ArrayList<>(List.of("sh", "-c", GUARD, directory.getPath()));
        command.addAll(List.of(executable.getPath(), "--port", Integer.toString(port), "--bind", "127.0.0.1"));
        command.addAll(List.of("--save", "", "--dir", directory.getPath()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private void awaitReady() throws IOException {
        BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8);
        String last = "no output";
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("Ready to accept connections")) {
                return;
            }
            last = line.isBlank() ? last : line;
        }
        close();
        throw new IOException(last);
    }

    @Override
    public String description() {
        return "embedded, port " + this.port;
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", Integer.toString(this.port));
    }

    @Override
    public void close() {
        try {
            this.process.outputWriter(StandardCharsets.UTF_8).close();
            if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
                this.process.descendants().forEach(ProcessHandle::destroyForcibly);
            }
        } catch (IOException ex) {
            // The server has ended already: there is no input to close.
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } finally {
            this.process.destroyForcibly();
        }
    }
}
